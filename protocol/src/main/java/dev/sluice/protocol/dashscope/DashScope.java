package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.rerank.RerankFormat;

/** The operations of the DashScope wire format. */
public final class DashScope {
    private static final ChatFormat GENERATION = new GenerationFormat();

    private static final EmbedFormat EMBEDDING = new EmbeddingFormat();

    private static final RerankFormat RERANK = new TextRerankFormat();

    private DashScope() {}

    /** {@code POST …/rerank/text-rerank/text-rerank}. */
    public static RerankFormat rerank() {
        return RERANK;
    }

    /** {@code POST …/text-generation/generation} and {@code …/multimodal-generation/generation}. */
    public static ChatFormat generation() {
        return GENERATION;
    }

    /** Whether a request goes to the path for several media; its model or its messages tell. */
    public static boolean isMultimodal(ChatRequest request) {
        return Parts.isMultimodal(request);
    }

    /** {@code POST …/text-embedding/text-embedding} and {@code …/multimodal-embedding/multimodal-embedding}. */
    public static EmbedFormat embedding() {
        return EMBEDDING;
    }

    /** Whether a request for embeddings goes to the path for several media. */
    public static boolean isMultimodal(EmbedRequest request, String model) {
        return EmbeddingRequest.isMultimodal(request, model);
    }
}
