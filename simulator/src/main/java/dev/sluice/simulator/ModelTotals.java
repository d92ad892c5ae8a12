package dev.sluice.simulator;

import dev.sluice.protocol.Usage;

/**
 * What one model did.
 *
 * @param calls calls that arrived
 * @param answered calls answered in full
 * @param refused calls answered with an error
 * @param cut calls broken off by a fault
 * @param cancelled calls that the client gave up
 * @param tokensSent visible output tokens written, also for calls that were not answered in full
 * @param billed what the provider would bill for the calls that have ended
 * @param reported what the answers told about their usage, the last word of each call
 */
public record ModelTotals(
        long calls,
        long answered,
        long refused,
        long cut,
        long cancelled,
        long tokensSent,
        Usage billed,
        Usage reported) {
    public static final ModelTotals ZERO = new ModelTotals(0, 0, 0, 0, 0, 0, Usage.ZERO, Usage.ZERO);

    ModelTotals plus(ModelTotals other) {
        return new ModelTotals(
                calls + other.calls,
                answered + other.answered,
                refused + other.refused,
                cut + other.cut,
                cancelled + other.cancelled,
                tokensSent + other.tokensSent,
                billed.plus(other.billed),
                reported.plus(other.reported));
    }
}
