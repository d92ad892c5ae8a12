package dev.sluice.protocol.chat;

import dev.sluice.protocol.json.Json;

/** Numbers of tokens as vendors report them: whole, not negative, small enough to be added up. */
public final class TokenCount {
    private static final long MOST = 1L << 40;

    private TokenCount() {}

    /** 0 if there is no number. */
    public static long of(Json reported) {
        return Math.clamp(reported.integer(0), 0, MOST);
    }
}
