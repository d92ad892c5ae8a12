package dev.sluice.traffic.usage;

import dev.sluice.protocol.Usage;

/** What a call is charged, by the settlement table. */
public record Settlement(Usage usage, Provenance provenance) {
    public static final Settlement NOTHING = new Settlement(Usage.ZERO, Provenance.NONE);

    /** Applies the settlement table. Tokenizes only when the upstream reported nothing. */
    public static Settlement of(Delivery delivery, Tokenizer tokenizer) {
        return delivery.reported() == null
                ? new Settlement(
                        Usage.of(tokenizer.estimate(delivery.model(), delivery.input()), 0), Provenance.ESTIMATED)
                : new Settlement(delivery.reported(), Provenance.REPORTED);
    }
}
