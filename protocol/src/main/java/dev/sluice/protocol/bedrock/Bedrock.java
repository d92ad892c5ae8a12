package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.chat.ChatFormat;

/** The operations of Bedrock's runtime. */
public final class Bedrock {
    private static final ChatFormat CONVERSE = new ConverseFormat();

    private Bedrock() {}

    /** {@code POST /model/ID/converse} and {@code /converse-stream}. */
    public static ChatFormat converse() {
        return CONVERSE;
    }
}
