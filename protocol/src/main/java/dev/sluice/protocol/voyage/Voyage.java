package dev.sluice.protocol.voyage;

import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.rerank.RerankFormat;

/** The operations of Voyage AI. */
public final class Voyage {
    private static final EmbedFormat EMBEDDINGS = new VoyageEmbedFormat();
    private static final RerankFormat RERANK = new VoyageRerankFormat();

    private Voyage() {}

    /** {@code POST /v1/embeddings}. */
    public static EmbedFormat embeddings() {
        return EMBEDDINGS;
    }

    /** {@code POST /v1/rerank}. */
    public static RerankFormat rerank() {
        return RERANK;
    }
}
