package dev.sluice.protocol.job;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;

/**
 * What a batch or a task consumed in all. It is told whenever somebody asks, so it is the same each time.
 *
 * @param id the vendor's, of the job or of what it made; the same wherever the job is told of
 * @param model empty where it is not told
 * @param isComplete whether nothing of it was passed over
 */
public record JobUsage(String id, String model, Usage usage, Units units, boolean isComplete) {
    /** What is left of it when a part has been paid by an estimate. */
    public JobUsage less(Usage paid) {
        return paid.totalTokens() == 0 ? this : new JobUsage(id, model, usage.less(paid), units, false);
    }

    /** A batch whose tokens were told in all. */
    public static JobUsage of(String id, String model, Usage usage) {
        return new JobUsage(id, model, usage, Units.NONE, true);
    }
}
