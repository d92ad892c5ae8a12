package dev.sluice.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route does, in which protocol. A route is recognised by how its path ends; the ending is the part behind the version
 * segment, which is what the base URL of an OpenAI-compatible provider already ends in.
 */
public enum Operation {
    CHAT_COMPLETIONS(Protocol.OPENAI, "/chat/completions", Below.NOTHING),
    COMPLETIONS(Protocol.OPENAI, "/completions", Below.NOTHING),
    /** Also reads, cancels and deletes stored responses below its path. */
    RESPONSES(Protocol.OPENAI, "/responses", Below.ITEMS),
    /** How many tokens a request of responses has. */
    OPENAI_COUNT_TOKENS(Protocol.OPENAI, "/responses/input_tokens", Below.NOTHING),
    /** Conversations that responses can go on with, and their items. */
    CONVERSATIONS(Protocol.OPENAI, "/conversations", Below.ITEMS),
    EMBEDDINGS(Protocol.OPENAI, "/embeddings", Below.NOTHING),
    /** The models that this caller may call; answered by the gateway. */
    MODELS(Protocol.OPENAI, "/models", Below.ITEMS),
    IMAGE_GENERATIONS(Protocol.OPENAI, "/images/generations", Below.NOTHING),
    IMAGE_EDITS(Protocol.OPENAI, "/images/edits", Below.NOTHING),
    IMAGE_VARIATIONS(Protocol.OPENAI, "/images/variations", Below.NOTHING),
    SPEECH(Protocol.OPENAI, "/audio/speech", Below.NOTHING),
    TRANSCRIPTIONS(Protocol.OPENAI, "/audio/transcriptions", Below.NOTHING),
    TRANSLATIONS(Protocol.OPENAI, "/audio/translations", Below.NOTHING),
    MODERATIONS(Protocol.OPENAI, "/moderations", Below.NOTHING),
    FILES(Protocol.OPENAI, "/files", Below.ITEMS),
    BATCHES(Protocol.OPENAI, "/batches", Below.ITEMS),
    VIDEOS(Protocol.OPENAI, "/videos", Below.ITEMS),
    /** Files that come in parts. */
    UPLOADS(Protocol.OPENAI, "/uploads", Below.ITEMS),
    /** Places where code of models runs, and their files. */
    CONTAINERS(Protocol.OPENAI, "/containers", Below.ITEMS),
    /** Files to be searched. */
    VECTOR_STORES(Protocol.OPENAI, "/vector_stores", Below.ITEMS),
    FINE_TUNING_JOBS(Protocol.OPENAI, "/fine_tuning/jobs", Below.ITEMS),
    REALTIME(Protocol.OPENAI, "/realtime", Below.NOTHING),
    /** Of Volcengine Ark, beside its operations of OpenAI's: films and bodies that are made in the background. */
    ARK_TASKS(Protocol.OPENAI, "/contents/generations/tasks", Below.ITEMS),

    RERANK(Protocol.RERANK, "/rerank", Below.NOTHING),

    MESSAGES(Protocol.ANTHROPIC, "/messages", Below.NOTHING),
    COUNT_TOKENS(Protocol.ANTHROPIC, "/messages/count_tokens", Below.NOTHING),
    MESSAGE_BATCHES(Protocol.ANTHROPIC, "/messages/batches", Below.ITEMS),
    /** The same path as {@link #FILES}: a route is of this kind where the Model API speaks Anthropic's protocol. */
    ANTHROPIC_FILES(Protocol.ANTHROPIC, "/files", Below.ITEMS),

    GENERATE_CONTENT(Protocol.GEMINI, "/models/{model}:generateContent", Below.NOTHING),
    STREAM_GENERATE_CONTENT(Protocol.GEMINI, "/models/{model}:streamGenerateContent", Below.NOTHING),
    GEMINI_COUNT_TOKENS(Protocol.GEMINI, "/models/{model}:countTokens", Below.NOTHING),
    EMBED_CONTENT(Protocol.GEMINI, "/models/{model}:embedContent", Below.NOTHING),
    BATCH_EMBED_CONTENTS(Protocol.GEMINI, "/models/{model}:batchEmbedContents", Below.NOTHING),

    CONVERSE(Protocol.BEDROCK, "/model/{model}/converse", Below.NOTHING),
    CONVERSE_STREAM(Protocol.BEDROCK, "/model/{model}/converse-stream", Below.NOTHING),
    /** Of Claude, in its own form. */
    INVOKE(Protocol.BEDROCK, "/model/{model}/invoke", Below.NOTHING),
    INVOKE_STREAM(Protocol.BEDROCK, "/model/{model}/invoke-with-response-stream", Below.NOTHING),

    COHERE_CHAT(Protocol.COHERE, "/v2/chat", Below.NOTHING),
    COHERE_EMBED(Protocol.COHERE, "/v2/embed", Below.NOTHING),

    /** The path is the gateway's: Tencent tells its actions apart by a header. */
    HUNYUAN_CHAT(Protocol.HUNYUAN, "/hunyuan", Below.NOTHING),

    DASHSCOPE_TEXT(Protocol.DASHSCOPE, "/services/aigc/text-generation/generation", Below.NOTHING),
    DASHSCOPE_MULTIMODAL(Protocol.DASHSCOPE, "/services/aigc/multimodal-generation/generation", Below.NOTHING),
    DASHSCOPE_EMBEDDING(Protocol.DASHSCOPE, "/services/embeddings/text-embedding/text-embedding", Below.NOTHING),
    DASHSCOPE_MULTIMODAL_EMBEDDING(
            Protocol.DASHSCOPE, "/services/embeddings/multimodal-embedding/multimodal-embedding", Below.NOTHING),
    DASHSCOPE_RERANK(Protocol.DASHSCOPE, "/services/rerank/text-rerank/text-rerank", Below.NOTHING),
    DASHSCOPE_IMAGE(Protocol.DASHSCOPE, "/services/aigc/text2image/image-synthesis", Below.NOTHING),
    DASHSCOPE_IMAGE_EDIT(Protocol.DASHSCOPE, "/services/aigc/image2image/image-synthesis", Below.NOTHING),
    DASHSCOPE_VIDEO(Protocol.DASHSCOPE, "/services/aigc/video-generation/video-synthesis", Below.NOTHING),
    DASHSCOPE_IMAGE_TO_VIDEO(Protocol.DASHSCOPE, "/services/aigc/image2video/video-synthesis", Below.NOTHING),
    /** Of files of sound, in a task. */
    DASHSCOPE_TRANSCRIPTION(Protocol.DASHSCOPE, "/services/audio/asr/transcription", Below.NOTHING),
    DASHSCOPE_TASK(Protocol.DASHSCOPE, "/tasks", Below.ITEMS),

    /** Forwarded as it is: no model is read, no usage is known. */
    OPAQUE(Protocol.ANY, "", Below.ITEMS);

    /** Stands for the model's name in the path of a route. */
    public static final String MODEL = "{model}";

    private final Protocol protocol;
    private final String path;
    private final Below below;

    private enum Below {
        NOTHING,
        ITEMS
    }

    Operation(Protocol protocol, String path, Below below) {
        this.protocol = protocol;
        this.path = path;
        this.below = below;
    }

    /** The protocol that its requests are in. */
    public Protocol protocol() {
        return protocol;
    }

    /** How its path ends, empty for {@link #OPAQUE}; for an OpenAI operation the path below the provider's base URL. */
    public String path() {
        return path;
    }

    /** Whether its route matches everything below its path as well: the things that it lists or keeps. */
    public boolean hasItems() {
        return below == Below.ITEMS;
    }

    /** Whether what it makes is kept by the provider and called by its id later. */
    public boolean keepsThings() {
        return switch (this) {
            case RESPONSES,
                    CONVERSATIONS,
                    FILES,
                    BATCHES,
                    VIDEOS,
                    UPLOADS,
                    CONTAINERS,
                    VECTOR_STORES,
                    FINE_TUNING_JOBS,
                    ARK_TASKS,
                    MESSAGE_BATCHES,
                    ANTHROPIC_FILES,
                    DASHSCOPE_IMAGE,
                    DASHSCOPE_IMAGE_EDIT,
                    DASHSCOPE_VIDEO,
                    DASHSCOPE_IMAGE_TO_VIDEO,
                    DASHSCOPE_TRANSCRIPTION,
                    DASHSCOPE_TASK -> true;
            default -> false;
        };
    }

    /** Whether it keeps files, which calls of many operations may name. */
    public boolean keepsFiles() {
        return switch (this) {
            case FILES, ANTHROPIC_FILES, UPLOADS, CONTAINERS -> true;
            default -> false;
        };
    }

    /** Whether a model makes something new in its answer, which may take minutes; measures, lists and what only begins a job come at once. */
    public boolean generates() {
        if (keepsThings()) return this == RESPONSES;
        return switch (this) {
            case EMBEDDINGS,
                    MODELS,
                    MODERATIONS,
                    REALTIME,
                    RERANK,
                    COUNT_TOKENS,
                    OPENAI_COUNT_TOKENS,
                    GEMINI_COUNT_TOKENS,
                    EMBED_CONTENT,
                    BATCH_EMBED_CONTENTS,
                    COHERE_EMBED,
                    DASHSCOPE_EMBEDDING,
                    DASHSCOPE_MULTIMODAL_EMBEDDING,
                    DASHSCOPE_RERANK,
                    OPAQUE -> false;
            default -> true;
        };
    }

    /** What stands behind the model's name in its path, e.g. {@code :generateContent}; null where the path names no model. */
    public @Nullable String action() {
        int model = path.indexOf(MODEL);
        return model < 0 ? null : path.substring(model + MODEL.length());
    }

    /** Whether its path may hold the name of a model, be it in the middle or behind it. */
    public boolean namesModelInPath() {
        return this == MODELS || path.contains(MODEL);
    }

    /** The HTTP method of its requests; null where several are in use. */
    public @Nullable String method() {
        if (this == MODELS || this == REALTIME) return "GET";
        return below == Below.ITEMS ? null : "POST";
    }

    /** The preset routes of a use case in a protocol; empty where every path is taken. */
    public static List<String> presets(UseCase useCase, Protocol protocol) {
        return switch (protocol) {
            case ANY -> List.of();
            case OPENAI -> openai(useCase);
            case ANTHROPIC ->
                useCase == UseCase.TEXT_GENERATION
                        ? List.of(
                                "/v1/messages",
                                "/v1/messages/count_tokens",
                                "/v1/messages/batches",
                                "/v1/files",
                                "/v1/models")
                        : List.of();
            case GEMINI ->
                switch (useCase) {
                    case TEXT_GENERATION ->
                        List.of(
                                "/v1beta/models/{model}:generateContent",
                                "/v1beta/models/{model}:streamGenerateContent",
                                "/v1beta/models/{model}:countTokens",
                                "/v1beta/models");
                    case EMBEDDING ->
                        List.of("/v1beta/models/{model}:embedContent", "/v1beta/models/{model}:batchEmbedContents");
                    case IMAGE_GENERATION, VIDEO_GENERATION, SPEECH, RERANK, OTHERS -> List.of();
                };
            case DASHSCOPE -> dashscope(useCase);
            case BEDROCK ->
                useCase == UseCase.TEXT_GENERATION
                        ? List.of(
                                "/model/{model}/converse",
                                "/model/{model}/converse-stream",
                                "/model/{model}/invoke",
                                "/model/{model}/invoke-with-response-stream")
                        : List.of();
            case COHERE ->
                switch (useCase) {
                    case TEXT_GENERATION -> List.of("/v2/chat");
                    case EMBEDDING -> List.of("/v2/embed");
                    case RERANK -> List.of("/v2/rerank");
                    case IMAGE_GENERATION, VIDEO_GENERATION, SPEECH, OTHERS -> List.of();
                };
            case HUNYUAN -> useCase == UseCase.TEXT_GENERATION ? List.of("/hunyuan") : List.of();
            case RERANK -> useCase == UseCase.RERANK ? List.of("/v1/rerank", "/v2/rerank", "/rerank") : List.of();
        };
    }

    /** Whether a use case can be had in a protocol. */
    public static boolean isOffered(UseCase useCase, Protocol protocol) {
        if (protocol == Protocol.ANY || protocol == Protocol.OPENAI && useCase == UseCase.OTHERS)
            return useCase == UseCase.OTHERS;
        return !presets(useCase, protocol).isEmpty();
    }

    private static List<String> openai(UseCase useCase) {
        return switch (useCase) {
            case TEXT_GENERATION ->
                List.of(
                        "/v1/chat/completions",
                        "/v1/completions",
                        "/v1/responses",
                        "/v1/responses/input_tokens",
                        "/v1/models");
            case IMAGE_GENERATION -> List.of("/v1/images/generations", "/v1/images/edits", "/v1/images/variations");
            case VIDEO_GENERATION -> List.of("/v1/videos");
            case SPEECH ->
                List.of("/v1/audio/speech", "/v1/audio/transcriptions", "/v1/audio/translations", "/v1/realtime");
            case EMBEDDING -> List.of("/v1/embeddings");
            case RERANK, OTHERS -> List.of();
        };
    }

    private static List<String> dashscope(UseCase useCase) {
        return switch (useCase) {
            case TEXT_GENERATION ->
                List.of(
                        "/api/v1/services/aigc/text-generation/generation",
                        "/api/v1/services/aigc/multimodal-generation/generation");
            case IMAGE_GENERATION ->
                List.of(
                        "/api/v1/services/aigc/text2image/image-synthesis",
                        "/api/v1/services/aigc/image2image/image-synthesis",
                        "/api/v1/services/aigc/multimodal-generation/generation",
                        "/api/v1/tasks");
            case VIDEO_GENERATION ->
                List.of(
                        "/api/v1/services/aigc/video-generation/video-synthesis",
                        "/api/v1/services/aigc/image2video/video-synthesis",
                        "/api/v1/tasks");
            case EMBEDDING ->
                List.of(
                        "/api/v1/services/embeddings/text-embedding/text-embedding",
                        "/api/v1/services/embeddings/multimodal-embedding/multimodal-embedding");
            case RERANK -> List.of("/api/v1/services/rerank/text-rerank/text-rerank");
            case SPEECH ->
                List.of(
                        "/api/v1/services/aigc/multimodal-generation/generation",
                        "/api/v1/services/audio/asr/transcription",
                        "/api/v1/tasks");
            case OTHERS -> List.of();
        };
    }

    /** The operation of a route by the longest known ending of its path. */
    public static Operation ofPath(String path) {
        return ofPath(path, Protocol.OPENAI);
    }

    /**
     * As {@link #ofPath(String)}, for a Model API.
     *
     * @param spoken the protocol whose operation is meant where two have the same path
     */
    public static Operation ofPath(String path, Protocol spoken) {
        Operation best = OPAQUE;
        for (Operation o : values()) {
            if (o == OPAQUE || !path.endsWith(o.path)) continue;
            int more = o.path.length() - best.path.length();
            if (more > 0 || more == 0 && o.protocol == spoken && best.protocol != spoken) best = o;
        }
        return best;
    }
}
