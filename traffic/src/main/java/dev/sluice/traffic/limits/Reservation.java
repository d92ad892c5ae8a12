package dev.sluice.traffic.limits;

import java.util.List;

/** What was set aside for one call that has not finished; settled exactly once, on whatever path the call ends. */
public sealed interface Reservation extends Admission permits Limiter.Held {
    /**
     * Gives back what was set aside and counts what was really used. Only the first call has an effect.
     *
     * @param tokens input and output tokens together
     */
    void settle(long tokens, long nowMillis);

    /** The limits that this call counts against, as they stand, for response headers. */
    List<LimitState> states(long nowMillis);
}
