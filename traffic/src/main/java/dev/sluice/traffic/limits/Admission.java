package dev.sluice.traffic.limits;

import dev.sluice.traffic.failure.Failure;

/** The outcome of asking for admission. */
public sealed interface Admission permits Reservation, Admission.Refused {
    /**
     * Over a limit or quota.
     *
     * @param failure kind RATE_LIMITED or QUOTA_EXHAUSTED; its message names the limit, its key and when it frees up
     */
    record Refused(Failure failure, LimitState state) implements Admission {}
}
