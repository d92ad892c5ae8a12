package dev.sluice.protocol.job;

import dev.sluice.protocol.Usage;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a batch.
 *
 * @param model empty where it is not told
 * @param usage null for a request that failed
 */
public record ResultLine(String model, @Nullable Usage usage) {
    /** Reads the lines of one format. */
    @FunctionalInterface
    public interface Reader {
        /** Null for a line that is no answer of a batch. */
        @Nullable
        ResultLine read(byte[] bytes, int from, int to);
    }
}
