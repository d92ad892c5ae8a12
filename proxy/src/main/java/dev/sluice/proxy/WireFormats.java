package dev.sluice.proxy;

import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.Operation;
import dev.sluice.settings.catalogue.WireForm;
import org.jspecify.annotations.Nullable;

/** The formats that the bodies of each operation are read with. */
final class WireFormats {
    private static final WireFormat PLAIN = OpenAi.plain();

    private WireFormats() {}

    /** The format of a form. */
    static @Nullable WireFormat of(WireForm form) {
        return switch (form) {
            case ANTHROPIC_COUNT -> Anthropic.countTokens();
            case GEMINI_COUNT -> Gemini.countTokens();
            case OPENAI_CHAT,
                    OPENAI_RESPONSES,
                    OPENAI_COMPLETIONS,
                    ANTHROPIC_MESSAGES,
                    GEMINI_CONTENT,
                    DASHSCOPE_GENERATION,
                    BEDROCK_CONVERSE,
                    BEDROCK_MESSAGES,
                    VERTEX_MESSAGES,
                    HUNYUAN_CHAT,
                    COHERE_CHAT,
                    DIFY_CHAT,
                    DIFY_COMPLETION,
                    DIFY_WORKFLOW,
                    BAILIAN_APP -> ChatForms.of(form);
            case OPENAI_EMBEDDINGS, GEMINI_EMBED, VERTEX_EMBED, DASHSCOPE_EMBEDDING, COHERE_EMBED ->
                EmbedForms.of(form);
            case JINA_RERANK, COHERE_RERANK, DASHSCOPE_RERANK -> RerankForms.of(form);
            case OPENAI_IMAGES, DASHSCOPE_IMAGE, DASHSCOPE_IMAGE_AT_ONCE -> ImageForms.of(form);
        };
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
                    VIDEOS -> PLAIN;
            case RESPONSES -> item.isEmpty() ? null : PLAIN;
            case DASHSCOPE_VIDEO, DASHSCOPE_IMAGE_TO_VIDEO, DASHSCOPE_TASK -> DashScope.tasks();
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
                    COHERE_CHAT,
                    COHERE_EMBED,
                    HUNYUAN_CHAT,
                    COUNT_TOKENS,
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
        return wire == null || wire.equals(PLAIN);
    }

    /** The format in which errors are told where no operation is known. */
    static WireFormat forErrors(@Nullable WireFormat wire) {
        return wire == null ? OpenAi.chatCompletions() : wire;
    }
}
