package dev.sluice.proxy;

import java.time.Duration;

/**
 * What holds for sessions over web sockets.
 *
 * @param limit longest session
 * @param pingEvery how often both sides are asked whether they are there, and whether the caller may still be
 */
public record Sessions(Duration limit, Duration pingEvery) {
    /** As long as OpenAI lets its own last. */
    public static final Sessions USUAL = new Sessions(Duration.ofMinutes(60), Duration.ofSeconds(30));

    public Sessions {
        if (pingEvery.toMillis() < 1)
            throw new IllegalArgumentException("session ping: " + pingEvery + " (expected: at least a millisecond)");
    }
}
