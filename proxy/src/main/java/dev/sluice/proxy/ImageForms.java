package dev.sluice.proxy;

import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.image.ImageFormat;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.catalogue.WireForm;
import org.jspecify.annotations.Nullable;

/** The format of each form of pictures. */
final class ImageForms {
    private ImageForms() {}

    /** Null for a form of other calls. */
    static @Nullable ImageFormat of(WireForm form) {
        return switch (form) {
            case OPENAI_IMAGES -> OpenAi.images();
            case DASHSCOPE_IMAGE -> DashScope.tasks();
            case DASHSCOPE_IMAGE_AT_ONCE -> DashScope.imagesAtOnce();
            case OPENAI_CHAT,
                    OPENAI_RESPONSES,
                    OPENAI_COMPLETIONS,
                    ANTHROPIC_MESSAGES,
                    VERTEX_MESSAGES,
                    BEDROCK_MESSAGES,
                    ANTHROPIC_COUNT,
                    GEMINI_CONTENT,
                    GEMINI_COUNT,
                    DASHSCOPE_GENERATION,
                    BEDROCK_CONVERSE,
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
                    JINA_RERANK,
                    COHERE_RERANK,
                    DASHSCOPE_RERANK -> null;
        };
    }
}
