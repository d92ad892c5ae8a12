package dev.sluice.proxy;

import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.protocol.rerank.RerankFormat;
import dev.sluice.settings.catalogue.WireForm;
import org.jspecify.annotations.Nullable;

/** The format of each form of rerank. */
final class RerankForms {
    private RerankForms() {}

    /** Null for a form of other calls. */
    static @Nullable RerankFormat of(WireForm form) {
        return switch (form) {
            case JINA_RERANK -> OpenAi.rerank();
            case COHERE_RERANK -> Cohere.rerank();
            case DASHSCOPE_RERANK -> DashScope.rerank();
            case OPENAI_CHAT,
                    OPENAI_RESPONSES,
                    OPENAI_COMPLETIONS,
                    ANTHROPIC_MESSAGES,
                    ANTHROPIC_COUNT,
                    GEMINI_CONTENT,
                    GEMINI_COUNT,
                    DASHSCOPE_GENERATION,
                    BEDROCK_CONVERSE,
                    BEDROCK_MESSAGES,
                    VERTEX_MESSAGES,
                    HUNYUAN_CHAT,
                    COHERE_CHAT,
                    DIFY_CHAT,
                    DIFY_COMPLETION,
                    DIFY_WORKFLOW,
                    BAILIAN_APP,
                    OPENAI_EMBEDDINGS,
                    GEMINI_EMBED,
                    VERTEX_EMBED,
                    DASHSCOPE_EMBEDDING,
                    COHERE_EMBED,
                    OPENAI_IMAGES,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_AT_ONCE -> null;
        };
    }
}
