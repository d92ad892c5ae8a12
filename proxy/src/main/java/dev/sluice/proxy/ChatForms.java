package dev.sluice.proxy;

import dev.sluice.protocol.agents.Agents;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.bedrock.Bedrock;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.hunyuan.Hunyuan;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.catalogue.WireForm;
import org.jspecify.annotations.Nullable;

/** The format of each form of a conversation. */
final class ChatForms {
    private ChatForms() {}

    /** Null for a form that is no conversation. */
    static @Nullable ChatFormat of(WireForm form) {
        return switch (form) {
            case OPENAI_CHAT -> OpenAi.chatCompletions();
            case OPENAI_COMPLETIONS -> OpenAi.completions();
            case ANTHROPIC_MESSAGES -> Anthropic.messages();
            case OPENAI_RESPONSES -> OpenAi.responses();
            case GEMINI_CONTENT -> Gemini.generateContent();
            case DASHSCOPE_GENERATION -> DashScope.generation();
            case BEDROCK_CONVERSE -> Bedrock.converse();
            case BEDROCK_MESSAGES -> Anthropic.onBedrock();
            case VERTEX_MESSAGES -> Anthropic.onVertex();
            case HUNYUAN_CHAT -> Hunyuan.chat();
            case COHERE_CHAT -> Cohere.chat();
            case DIFY_CHAT -> Agents.difyChat();
            case DIFY_COMPLETION -> Agents.difyCompletion();
            case DIFY_WORKFLOW -> Agents.difyWorkflow();
            case BAILIAN_APP -> Agents.bailian();
            case ANTHROPIC_COUNT,
                    GEMINI_COUNT,
                    OPENAI_EMBEDDINGS,
                    GEMINI_EMBED,
                    VERTEX_EMBED,
                    DASHSCOPE_EMBEDDING,
                    COHERE_EMBED,
                    JINA_RERANK,
                    COHERE_RERANK,
                    DASHSCOPE_RERANK,
                    OPENAI_IMAGES,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_AT_ONCE -> null;
        };
    }
}
