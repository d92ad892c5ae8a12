package dev.sluice.protocol.hunyuan;

import dev.sluice.protocol.chat.ChatFormat;

/** The operations of Hunyuan's own protocol. */
public final class Hunyuan {
    private static final ChatFormat CHAT = new HunyuanChatFormat();

    private Hunyuan() {}

    /** Action {@code ChatCompletions} of version 2023-09-01. */
    public static ChatFormat chat() {
        return CHAT;
    }
}
