package dev.sluice.traffic.usage;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a call when it ends, all that settlement looks at.
 *
 * @param reported the upstream's usage, if it came; may be a running total of a cut stream
 * @param units what was consumed that is not counted in tokens
 * @param sent whether a request is with an upstream that has not failed
 * @param input what was sent, for an estimate
 * @param delivered text of the content that went to the client (or was on its way when it left)
 */
public record Delivery(
        Outcome outcome,
        @Nullable Usage reported,
        Units units,
        boolean sent,
        TextSample input,
        TextSample delivered,
        String model) {}
