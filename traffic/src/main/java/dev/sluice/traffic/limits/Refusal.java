package dev.sluice.traffic.limits;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.time.Instant;

/** How a refusal reads: which limit of which key, and when to come back. */
final class Refusal {
    /** When calls under way will end is not known; asking again after this time costs little. */
    private static final long SOON = 1000;

    private Refusal() {}

    static Admission.Refused concurrency(Caller caller, long limit) {
        String what = limit + " calls at the same time (concurrency)";
        return limit == 0
                ? blocked(caller, FailureKind.RATE_LIMITED, "limit of " + what, "concurrency")
                : refused(
                        FailureKind.RATE_LIMITED,
                        quoted(caller) + " is over its limit of " + what + "; try again when one of them has ended",
                        new LimitState("concurrency", limit, 0, SOON));
    }

    static Admission.Refused requests(Caller caller, long limit, long waitMillis) {
        String what = "limit of " + limit + " requests per minute (rpm)";
        return limit == 0
                ? blocked(caller, FailureKind.RATE_LIMITED, what, "requests")
                : refused(
                        FailureKind.RATE_LIMITED,
                        quoted(caller) + " is over its " + what + "; try again in " + seconds(waitMillis),
                        new LimitState("requests", limit, 0, waitMillis));
    }

    static Admission.Refused tokens(Caller caller, long limit, long used, long waitMillis) {
        String what = "limit of " + limit + " tokens per minute (tpm)";
        return limit == 0
                ? blocked(caller, FailureKind.RATE_LIMITED, what, "tokens")
                : refused(
                        FailureKind.RATE_LIMITED,
                        quoted(caller) + " is over its " + what + "; try again in " + seconds(waitMillis),
                        new LimitState("tokens", limit, Math.max(0, limit - used), waitMillis));
    }

    static Admission.Refused quota(Caller caller, Tally tally, long limit, int inFlight, long now) {
        String what = "quota of " + limit + " " + tally.label();
        if (limit == 0) return blocked(caller, FailureKind.QUOTA_EXHAUSTED, what, "tokens");
        long left = Math.max(0, limit - tally.used() - tally.reserved());
        if (tally.used() < limit) {
            return refused(
                    FailureKind.QUOTA_EXHAUSTED,
                    "what is left of the " + what + " of " + quoted(caller) + " is set aside for " + inFlight
                            + (inFlight == 1 ? " call" : " calls")
                            + " under way; try again when they have ended",
                    new LimitState("tokens", limit, left, SOON));
        }
        boolean resets = tally.end() != Long.MAX_VALUE;
        return refused(
                FailureKind.QUOTA_EXHAUSTED,
                quoted(caller) + " has used up its " + what
                        + (resets
                                ? "; it resets at " + Instant.ofEpochMilli(tally.end())
                                : "; it never resets, an operator can raise it"),
                new LimitState("tokens", limit, left, resets ? tally.end() - now : -1));
    }

    private static Admission.Refused blocked(Caller caller, FailureKind kind, String what, String metric) {
        return refused(
                kind,
                quoted(caller) + " is blocked by its " + what + "; an operator can raise it",
                new LimitState(metric, 0, 0, -1));
    }

    private static Admission.Refused refused(FailureKind kind, String message, LimitState state) {
        return new Admission.Refused(
                new Failure(kind, message, 0, UpstreamError.NONE, state.resetMillis(), null), state);
    }

    private static String quoted(Caller caller) {
        return "API key \"" + caller.key().name() + '"';
    }

    private static String seconds(long millis) {
        return Math.ceilDiv(millis, 1000L) + " s";
    }
}
