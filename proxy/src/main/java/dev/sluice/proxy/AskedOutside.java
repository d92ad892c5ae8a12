package dev.sluice.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.Asked;
import dev.sluice.settings.Operation;
import io.vertx.core.MultiMap;
import java.net.URLDecoder;
import org.jspecify.annotations.Nullable;

/** Reads what a request asks for outside of its body. */
final class AskedOutside {
    private static final String MODELS = "/models/";
    private static final String MODEL = "/model/";

    private AskedOutside() {}

    static Asked of(Operation operation, String path, MultiMap headers) {
        return switch (operation) {
            case STREAM_GENERATE_CONTENT -> new Asked(model(path), true);
            case GENERATE_CONTENT, GEMINI_COUNT_TOKENS, EMBED_CONTENT, BATCH_EMBED_CONTENTS ->
                new Asked(model(path), false);
            case CONVERSE_STREAM, INVOKE_STREAM -> new Asked(modelOfBedrock(path), true);
            case CONVERSE, INVOKE -> new Asked(modelOfBedrock(path), false);
            case DASHSCOPE_TEXT, DASHSCOPE_MULTIMODAL -> new Asked(null, isSse(headers));
            case CHAT_COMPLETIONS,
                    COMPLETIONS,
                    RESPONSES,
                    OPENAI_COUNT_TOKENS,
                    EMBEDDINGS,
                    MODELS,
                    IMAGE_GENERATIONS,
                    IMAGE_EDITS,
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
                    REALTIME,
                    ARK_TASKS,
                    RERANK,
                    MESSAGES,
                    COHERE_CHAT,
                    COHERE_EMBED,
                    HUNYUAN_CHAT,
                    COUNT_TOKENS,
                    MESSAGE_BATCHES,
                    ANTHROPIC_FILES,
                    DASHSCOPE_EMBEDDING,
                    DASHSCOPE_MULTIMODAL_EMBEDDING,
                    DASHSCOPE_RERANK,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_EDIT,
                    DASHSCOPE_VIDEO,
                    DASHSCOPE_IMAGE_TO_VIDEO,
                    DASHSCOPE_TRANSCRIPTION,
                    DASHSCOPE_TASK,
                    OPAQUE -> Asked.IN_BODY;
        };
    }

    /** The model in a path such as {@code /v1beta/models/NAME:generateContent}. */
    private static @Nullable String model(String path) {
        int from = path.indexOf(MODELS) + MODELS.length();
        int to = path.lastIndexOf(':');
        if (from < MODELS.length() || to <= from) return null;
        return URLDecoder.decode(path.substring(from, to).replace("+", "%2B"), UTF_8);
    }

    /** The model in a path such as {@code /model/NAME/converse}. */
    private static @Nullable String modelOfBedrock(String path) {
        int from = path.lastIndexOf(MODEL) + MODEL.length();
        int to = path.lastIndexOf('/');
        if (from < MODEL.length() || to <= from) return null;
        return URLDecoder.decode(path.substring(from, to).replace("+", "%2B"), UTF_8);
    }

    private static boolean isSse(MultiMap headers) {
        return "enable".equalsIgnoreCase(headers.get("x-dashscope-sse"))
                || headers.contains("accept", "text/event-stream", true);
    }
}
