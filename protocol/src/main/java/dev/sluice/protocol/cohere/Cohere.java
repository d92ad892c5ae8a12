package dev.sluice.protocol.cohere;

import dev.sluice.protocol.chat.ChatFormat;

/** The operations of Cohere's own protocol. */
public final class Cohere {
    private static final ChatFormat CHAT = new CohereChatFormat();

    private Cohere() {}

    /** {@code POST /v2/chat}. */
    public static ChatFormat chat() {
        return CHAT;
    }
}
