package dev.sluice.admin;

import java.time.Duration;

/**
 * How the admin port is opened.
 *
 * @param port 0 = any free one
 * @param deadline for a body to arrive, for an answer to be ready, and for each piece of a long answer to be taken
 */
public record AdminOptions(String host, int port, int maxBodyBytes, Duration deadline) {
    public static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

    public AdminOptions {
        if (port < 0 || port > 65_535)
            throw new IllegalArgumentException("admin port " + port + " (expected: 0 to 65535)");
        if (maxBodyBytes < 1) throw new IllegalArgumentException("body limit " + maxBodyBytes + " (expected: above 0)");
        if (!deadline.isPositive()) throw new IllegalArgumentException("deadline " + deadline + " (expected: above 0)");
    }

    public static AdminOptions on(String host, int port) {
        return new AdminOptions(host, port, MAX_BODY_BYTES, Duration.ofSeconds(30));
    }
}
