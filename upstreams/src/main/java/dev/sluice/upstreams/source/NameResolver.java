package dev.sluice.upstreams.source;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds the addresses of a host name. */
@FunctionalInterface
public interface NameResolver {
    /** Fails when the name has no address or nobody answers; the exception's message says which. */
    CompletionStage<Resolved> resolve(String name);

    /**
     * What a name stands for.
     *
     * @param addresses literal IPv4 and IPv6 addresses, without brackets
     * @param ttlMillis how long that holds
     */
    record Resolved(List<String> addresses, long ttlMillis) {
        public Resolved {
            addresses = List.copyOf(addresses);
        }
    }
}
