package dev.sluice.protocol.cohere;

import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.embed.EmbedFormat;

/** The operations of Cohere's own protocol. */
public final class Cohere {
    private static final ChatFormat CHAT = new CohereChatFormat();

    private static final EmbedFormat EMBED = new CohereEmbedFormat();

    private Cohere() {}

    /** {@code POST /v2/chat}. */
    public static ChatFormat chat() {
        return CHAT;
    }

    /** {@code POST /v2/embed}. */
    public static EmbedFormat embed() {
        return EMBED;
    }
}
