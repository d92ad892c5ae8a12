package dev.sluice.protocol.cohere;

import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.embed.EmbedFormat;
import dev.sluice.protocol.rerank.RerankFormat;

/** The operations of Cohere's own protocol. */
public final class Cohere {
    private static final ChatFormat CHAT = new CohereChatFormat();

    private static final EmbedFormat EMBED = new CohereEmbedFormat();

    private static final RerankFormat RERANK = new CohereRerankFormat();

    private Cohere() {}

    /** {@code POST /v2/rerank}. */
    public static RerankFormat rerank() {
        return RERANK;
    }

    /** {@code POST /v2/chat}. */
    public static ChatFormat chat() {
        return CHAT;
    }

    /** {@code POST /v2/embed}. */
    public static EmbedFormat embed() {
        return EMBED;
    }
}
