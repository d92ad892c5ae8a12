package dev.sluice.settings.catalogue;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form of a request and its answer on the wire. */
public enum WireForm {
    OPENAI_CHAT(Task.CHAT, "/chat/completions"),
    OPENAI_COMPLETIONS(Task.CHAT, "/completions"),
    OPENAI_RESPONSES(Task.CHAT, "/responses"),
    ANTHROPIC_MESSAGES(Task.CHAT, "/v1/messages") {
        @Override
        public Map<String, String> headers(boolean stream) {
            return ANTHROPIC_VERSION;
        }
    },
    GEMINI_CONTENT(
            Task.CHAT,
            "/v1beta/models/{model}:generateContent",
            "/v1beta/models/{model}:streamGenerateContent?alt=sse"),
    DASHSCOPE_GENERATION(Task.CHAT, "/api/v1/services/aigc/text-generation/generation") {
        @Override
        public Map<String, String> headers(boolean stream) {
            return stream ? DASHSCOPE_STREAM : Map.of();
        }
    },
    BEDROCK_CONVERSE(Task.CHAT, "/model/{model}/converse", "/model/{model}/converse-stream"),
    /** Claude on Vertex AI. */
    VERTEX_MESSAGES(Task.CHAT, "/v1beta/models/{model}:rawPredict", "/v1beta/models/{model}:streamRawPredict") {
        @Override
        public boolean suits(String model) {
            return model.startsWith("claude-");
        }
    },
    /** Claude in its own form, as Bedrock invokes it. */
    BEDROCK_MESSAGES(Task.CHAT, "/model/{model}/invoke", "/model/{model}/invoke-with-response-stream") {
        @Override
        public boolean suits(String model) {
            return model.contains("anthropic.claude");
        }

        // It has documents of more kinds.
        @Override
        public WireForm otherwise() {
            return BEDROCK_CONVERSE;
        }
    },
    HUNYUAN_CHAT(Task.CHAT, "/") {
        @Override
        public Map<String, String> headers(boolean stream) {
            return Map.of("x-tc-action", "ChatCompletions", "x-tc-version", "2023-09-01");
        }
    },
    COHERE_CHAT(Task.CHAT, "/v2/chat"),
    DIFY_CHAT(Task.CHAT, "/chat-messages"),
    DIFY_COMPLETION(Task.CHAT, "/completion-messages"),
    DIFY_WORKFLOW(Task.CHAT, "/workflows/run"),
    COZE_CHAT(Task.CHAT, "/v3/chat"),
    BAILIAN_APP(Task.CHAT, "/apps/{app}/completion") {
        @Override
        public Map<String, String> headers(boolean stream) {
            return stream ? DASHSCOPE_STREAM : Map.of();
        }
    },

    ANTHROPIC_COUNT(Task.COUNT, "/v1/messages/count_tokens") {
        @Override
        public Map<String, String> headers(boolean stream) {
            return ANTHROPIC_VERSION;
        }
    },
    OPENAI_COUNT(Task.COUNT, "/responses/input_tokens"),
    GEMINI_COUNT(Task.COUNT, "/v1beta/models/{model}:countTokens"),
    /** Of Claude on Vertex AI; the body names the model. */
    VERTEX_COUNT(Task.COUNT, "/v1beta/models/count-tokens:rawPredict") {
        @Override
        public boolean suits(String model) {
            return model.startsWith("claude-");
        }
    },
    /** Of Claude on Bedrock. */
    BEDROCK_COUNT(Task.COUNT, "/model/{model}/count-tokens") {
        @Override
        public boolean suits(String model) {
            return model.contains("anthropic.claude");
        }
    },

    OPENAI_EMBEDDINGS(Task.EMBEDDING, "/embeddings"),
    GEMINI_EMBED(Task.EMBEDDING, "/v1beta/models/{model}:batchEmbedContents"),
    /** Of the models on Vertex AI that take one content and no batches. */
    VERTEX_EMBED_CONTENT(Task.EMBEDDING, "/v1beta/models/{model}:embedContent") {
        @Override
        public boolean suits(String model) {
            return model.contains("gemini") && !model.equals("gemini-embedding-001") || model.contains("maas");
        }
    },
    VERTEX_EMBED(Task.EMBEDDING, "/v1beta/models/{model}:predict"),
    DASHSCOPE_EMBEDDING(Task.EMBEDDING, "/api/v1/services/embeddings/text-embedding/text-embedding"),
    COHERE_EMBED(Task.EMBEDDING, "/v2/embed"),
    VOYAGE_EMBED(Task.EMBEDDING, "/embeddings"),

    JINA_RERANK(Task.RERANK, "/rerank"),
    COHERE_RERANK(Task.RERANK, "/v2/rerank"),
    DASHSCOPE_RERANK(Task.RERANK, "/api/v1/services/rerank/text-rerank/text-rerank"),
    VOYAGE_RERANK(Task.RERANK, "/rerank"),

    OPENAI_IMAGES(Task.IMAGE, "/images/generations"),
    DASHSCOPE_IMAGE(Task.IMAGE, "/api/v1/services/aigc/text2image/image-synthesis") {
        @Override
        public Map<String, String> headers(boolean stream) {
            return Map.of("x-dashscope-async", "enable");
        }
    },
    /** Of the models that draw while the caller waits; told by the model's name. */
    DASHSCOPE_IMAGE_AT_ONCE(Task.IMAGE, "/api/v1/services/aigc/multimodal-generation/generation");

    private static final Map<String, String> ANTHROPIC_VERSION = Map.of("anthropic-version", "2023-06-01");
    private static final Map<String, String> DASHSCOPE_STREAM = Map.of("x-dashscope-sse", "enable");

    private final Task task;
    private final String path;
    private final String streamPath;

    WireForm(Task task, String path) {
        this(task, path, null);
    }

    WireForm(Task task, String path, @Nullable String streamPath) {
        this.task = task;
        this.path = path;
        this.streamPath = streamPath == null ? path : streamPath;
    }

    /** Whether a vendor that serves several families of models takes this form for a model. */
    public boolean suits(String model) {
        return true;
    }

    /** The form in which the vendor takes the same models, for a request that this form cannot say; null for none. */
    public @Nullable WireForm otherwise() {
        return null;
    }

    /** Headers that a call in this form has, whoever makes it. */
    public Map<String, String> headers(boolean stream) {
        return Map.of();
    }

    public Task task() {
        return task;
    }

    /** Where it goes below the base address, with {@code {model}} for the model's name. */
    public String path(boolean stream) {
        return stream ? streamPath : path;
    }
}
