package dev.sluice.traffic.failure;

import dev.sluice.settings.Fallback;
import dev.sluice.settings.FallbackCondition;

/** Whether the next fallback step takes over from a failure. */
public final class FallbackRule {
    private FallbackRule() {}

    /**
     * Whether a failure counts under a fallback: by the condition of its kind, or by the upstream's status. A client that
     * left, a deadline for the whole call and the gateway's own refusals of the caller never count.
     */
    public static boolean covers(Fallback fallback, Failure failure) {
        FallbackCondition condition = failure.kind().fallback();
        if (condition == null) return false;
        if (fallback.on().contains(condition)) return true;
        int status = failure.upstreamStatus();
        if (status == 0) return false;
        // An error inside a success stands for the status that it should have had.
        int meant = status < 300 ? failure.kind().status() : status;
        boolean any4xx = meant >= 400 && meant < 500 && fallback.on().contains(FallbackCondition.ANY_4XX);
        return any4xx || fallback.statusCodes().contains(meant);
    }
}
