package dev.sluice.protocol.whole;

import dev.sluice.protocol.Usage;
import org.jspecify.annotations.Nullable;

/**
 * An answer that can be held against its request.
 *
 * @param <Q> the request
 */
public interface WholeAnswer<Q> {
    /** Why it is no answer to the request, e.g. with fewer vectors than inputs; null if it is one. */
    @Nullable
    String flaw(Q request);

    /** What the upstream reported; null if it did not. */
    @Nullable
    Usage usage();
}
