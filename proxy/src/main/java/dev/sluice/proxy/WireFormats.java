package dev.sluice.proxy;

import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.agents.Agents;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.bedrock.Bedrock;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.hunyuan.Hunyuan;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.voyage.Voyage;
import dev.sluice.settings.Operation;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.traffic.routing.Target;
import dev.sluice.upstreams.provider.ProviderCalls;
import org.jspecify.annotations.Nullable;

/** The formats that the bodies of each operation are read with. */
final class WireFormats {
    private static final WireFormat PLAIN = OpenAi.plain();
    private static final WireFormat KEPT_BY_ANTHROPIC = Anthropic.kept();

    private WireFormats() {}

    /** The format of a form: the one place that knows them all. */
    static WireFormat of(WireForm form) {
        return switch (form) {
            case OPENAI_CHAT -> OpenAi.chatCompletions();
            case OPENAI_COMPLETIONS -> OpenAi.completions();
            case OPENAI_RESPONSES -> OpenAi.responses();
            case ANTHROPIC_MESSAGES -> Anthropic.messages();
            case BEDROCK_MESSAGES -> Anthropic.onBedrock();
            case VERTEX_MESSAGES -> Anthropic.onVertex();
            case GEMINI_CONTENT -> Gemini.generateContent();
            case DASHSCOPE_GENERATION -> DashScope.generation();
            case BEDROCK_CONVERSE -> Bedrock.converse();
            case HUNYUAN_CHAT -> Hunyuan.chat();
            case COHERE_CHAT -> Cohere.chat();
            case DIFY_CHAT -> Agents.difyChat();
            case DIFY_COMPLETION -> Agents.difyCompletion();
            case DIFY_WORKFLOW -> Agents.difyWorkflow();
            case BAILIAN_APP -> Agents.bailian();
            case COZE_CHAT -> Agents.coze();
            case ANTHROPIC_COUNT -> Anthropic.countTokens();
            case OPENAI_COUNT -> OpenAi.inputTokens();
            case GEMINI_COUNT -> Gemini.countTokens();
            case VERTEX_COUNT -> Anthropic.countOnVertex();
            case BEDROCK_COUNT -> Anthropic.countOnBedrock();
            case OPENAI_EMBEDDINGS -> OpenAi.embeddings();
            case GEMINI_EMBED -> Gemini.embedContents();
            case VERTEX_EMBED -> Gemini.vertexEmbeddings();
            case VERTEX_EMBED_CONTENT -> Gemini.vertexEmbedContent();
            case DASHSCOPE_EMBEDDING -> DashScope.embedding();
            case COHERE_EMBED -> Cohere.embed();
            case VOYAGE_EMBED -> Voyage.embeddings();
            case JINA_RERANK -> OpenAi.rerank();
            case COHERE_RERANK -> Cohere.rerank();
            case DASHSCOPE_RERANK -> DashScope.rerank();
            case VOYAGE_RERANK -> Voyage.rerank();
            case OPENAI_IMAGES -> OpenAi.images();
            case DASHSCOPE_IMAGE -> DashScope.tasks();
            case DASHSCOPE_IMAGE_AT_ONCE -> DashScope.imagesAtOnce();
        };
    }

    /** The format of a form of conversations; null for a form of other calls. */
    static @Nullable ChatFormat chat(WireForm form) {
        return of(form) instanceof ChatFormat format ? format : null;
    }

    /** As {@link #chat(WireForm)}, as a target speaks it. */
    static @Nullable ChatFormat chat(WireForm form, Target target) {
        String output = target.service().spec().options().outputVariable();
        if (form == WireForm.DIFY_WORKFLOW && output != null) return Agents.difyWorkflow(output);
        if (ProviderCalls.mayRepeat(target.service(), target.model())) {
            if (form == WireForm.OPENAI_CHAT) return OpenAi.repeatingChatCompletions();
            if (form == WireForm.DASHSCOPE_GENERATION) return DashScope.repeatingGeneration();
        }
        return chat(form);
    }

    /** The format of what is read for its model and usage only and never translated; null where that is another one or none. */
    static @Nullable WireFormat plain(Operation operation, String item) {
        return switch (operation) {
            case IMAGE_EDITS,
                    IMAGE_VARIATIONS,
                    SPEECH,
                    TRANSCRIPTIONS,
                    TRANSLATIONS,
                    MODERATIONS,
                    CONVERSATIONS,
                    FILES,
                    BATCHES,
                    VIDEOS,
                    UPLOADS,
                    CONTAINERS,
                    VECTOR_STORES,
                    FINE_TUNING_JOBS,
                    ARK_TASKS -> PLAIN;
            case RESPONSES -> item.isEmpty() ? null : PLAIN;
            case DASHSCOPE_VIDEO, DASHSCOPE_IMAGE_TO_VIDEO, DASHSCOPE_TRANSCRIPTION, DASHSCOPE_TASK ->
                DashScope.tasks();
            case MESSAGE_BATCHES, ANTHROPIC_FILES -> KEPT_BY_ANTHROPIC;
            case CHAT_COMPLETIONS,
                    COMPLETIONS,
                    IMAGE_GENERATIONS,
                    EMBEDDINGS,
                    RERANK,
                    MODELS,
                    REALTIME,
                    MESSAGES,
                    CONVERSE,
                    CONVERSE_STREAM,
                    INVOKE,
                    INVOKE_STREAM,
                    COHERE_CHAT,
                    COHERE_EMBED,
                    HUNYUAN_CHAT,
                    COUNT_TOKENS,
                    OPENAI_COUNT_TOKENS,
                    GENERATE_CONTENT,
                    STREAM_GENERATE_CONTENT,
                    GEMINI_COUNT_TOKENS,
                    EMBED_CONTENT,
                    BATCH_EMBED_CONTENTS,
                    DASHSCOPE_TEXT,
                    DASHSCOPE_MULTIMODAL,
                    DASHSCOPE_EMBEDDING,
                    DASHSCOPE_MULTIMODAL_EMBEDDING,
                    DASHSCOPE_RERANK,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_EDIT,
                    OPAQUE -> null;
        };
    }

    /** Whether answers may be anything but JSON and events: sound, text, the content of a file. */
    static boolean mayBeBytes(@Nullable WireFormat wire) {
        return wire == null || wire.equals(PLAIN) || wire.equals(KEPT_BY_ANTHROPIC);
    }

    /** The format in which errors are told where no operation is known. */
    static WireFormat forErrors(@Nullable WireFormat wire) {
        return wire == null ? OpenAi.chatCompletions() : wire;
    }
}
