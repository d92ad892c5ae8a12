package dev.sluice.proxy;

import org.jspecify.annotations.Nullable;

/**
 * The process settings of the data plane.
 *
 * @param host address to listen on
 * @param port 0 picks a free one
 * @param maxBodyBytes longest request body; a longer one is refused with 413
 * @param maxBufferedBytes request bodies, long answers and what clients have not taken, in memory, together; above that calls are
 *     refused with 503
 * @param maxEventBytes longest server-sent event of an answer
 * @param maxAnswerBytes how much of a whole answer is held back to judge it; a longer one is passed on unjudged
 * @param transport how clients connect
 */
public record ProxyOptions(
        String host,
        int port,
        int maxBodyBytes,
        long maxBufferedBytes,
        int maxEventBytes,
        int maxAnswerBytes,
        Transport transport) {
    public static ProxyOptions on(String host, int port) {
        return new ProxyOptions(
                host,
                port,
                32 << 20,
                Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 4),
                8 << 20,
                16 << 20,
                Transport.PLAIN);
    }

    public ProxyOptions with(Transport other) {
        return new ProxyOptions(host, port, maxBodyBytes, maxBufferedBytes, maxEventBytes, maxAnswerBytes, other);
    }

    /** @param newMaxBufferedBytes null for what the size of the heap gives */
    public ProxyOptions withLimits(
            int newMaxBodyBytes, int newMaxEventBytes, int newMaxAnswerBytes, @Nullable Integer newMaxBufferedBytes) {
        return new ProxyOptions(
                host,
                port,
                newMaxBodyBytes,
                newMaxBufferedBytes == null ? maxBufferedBytes : newMaxBufferedBytes,
                newMaxEventBytes,
                newMaxAnswerBytes,
                transport);
    }
}
