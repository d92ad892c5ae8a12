package dev.sluice.proxy;

import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.catalogue.WireForm;
import org.jspecify.annotations.Nullable;

/** The format of each form of embeddings. */
final class EmbedForms {
    private EmbedForms() {}

    /** Null for a form of other calls. */
    static @Nullable EmbedFormat of(WireForm form) {
        return switch (form) {
            case OPENAI_EMBEDDINGS -> OpenAi.embeddings();
            case GEMINI_EMBED -> Gemini.embedContents();
            case VERTEX_EMBED -> Gemini.vertexEmbeddings();
            case DASHSCOPE_EMBEDDING -> DashScope.embedding();
            case COHERE_EMBED -> Cohere.embed();
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
                    JINA_RERANK,
                    COHERE_RERANK,
                    DASHSCOPE_RERANK,
                    OPENAI_IMAGES,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_AT_ONCE -> null;
        };
    }
}
