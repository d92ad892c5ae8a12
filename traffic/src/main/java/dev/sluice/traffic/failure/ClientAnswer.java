package dev.sluice.traffic.failure;

import dev.sluice.protocol.ClientError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the client is told when a call has failed for good.
 *
 * <p>One failure speaks for itself. Of several attempts a status is passed on only where it is the caller's business and
 * all of them agree on it; all else is a 502 that lists the attempts.
 *
 * @param retryAfterMillis when to come back, -1 if nobody said
 * @param param the request field at fault
 */
public record ClientAnswer(
        int status,
        String type,
        String code,
        String message,
        long retryAfterMillis,
        @Nullable String param) {
    /** @param failures what ended each attempt, in order, at least one; the gateway's own refusal is the only or last one */
    public static ClientAnswer of(List<Failure> failures) {
        if (failures.isEmpty()) throw new IllegalArgumentException("no failures (expected: at least one)");
        List<Failure> attempts = attempts(failures);
        Failure last = attempts.getLast();
        if (attempts.size() == 1) {
            return answer(last, statusOf(last), last.kind().code(), last.message(), last.retryAfterMillis());
        }
        // The total deadline and the client's own end cut the sequence short, whatever came before.
        if (last.kind().fallback() == null && !last.isUpstream()) {
            return answer(last, statusOf(last), last.kind().code(), last.message(), last.retryAfterMillis());
        }
        String message = "all " + attempts.size() + " attempts failed; the last one: " + last.message();
        if (last.kind() == FailureKind.FIRST_PACKET_TIMEOUT) {
            return answer(last, 504, last.kind().code(), message, -1);
        }
        int status = statusOf(last);
        boolean sameStatus = true;
        boolean sameCode = true;
        for (Failure failure : attempts) {
            sameStatus &= statusOf(failure) == status;
            sameCode &= failure.kind().code().equals(last.kind().code());
        }
        if (!sameStatus) return answer(FailureKind.UPSTREAM_ERROR, message);
        String code = sameCode || status == 504 ? last.kind().code() : FailureKind.UPSTREAM_ERROR.code();
        return answer(last, status, code, message, soonest(attempts));
    }

    public static ClientAnswer of(Failure failure) {
        return of(List.of(failure));
    }

    /** With the attempts that were made. */
    public ClientError toError(List<ClientError.Attempt> attempts) {
        return new ClientError(status, type, code, message, param, attempts);
    }

    /**
     * The failures that say why the call failed. That no key or no target was left in the end is no news when something
     * was tried.
     */
    private static List<Failure> attempts(List<Failure> failures) {
        List<Failure> attempts = new ArrayList<>(failures.size());
        for (Failure failure : failures) {
            boolean nothingTried = failure.kind() == FailureKind.NO_USABLE_KEY
                    || failure.kind() == FailureKind.UNBOUND
                    || failure.kind() == FailureKind.CIRCUIT_OPEN
                    || failure.kind() == FailureKind.MODEL_REFUSED_BY_SERVICE;
            if (!nothingTried) attempts.add(failure);
        }
        return attempts.isEmpty() ? List.of(failures.getLast()) : attempts;
    }

    /** The client's status for one failure: its kind's, unless the upstream's own says more about the request. */
    private static int statusOf(Failure failure) {
        int upstream = failure.upstreamStatus();
        return switch (failure.kind()) {
            // What was wrong with the request is the caller's business; a 404 without a model or a 405 is a wrong
            // address.
            case UPSTREAM_REFUSED -> {
                if (upstream < 300) yield failure.kind().status();
                yield upstream == 400 || upstream == 413 || upstream == 422
                        ? upstream
                        : FailureKind.UPSTREAM_ERROR.status();
            }
            // An upstream that is away is the upstream's business; one that has too much to do, the caller's as well.
            case UPSTREAM_OVERLOADED ->
                upstream == 503
                        ? FailureKind.UPSTREAM_ERROR.status()
                        : failure.kind().status();
            default -> failure.kind().status();
        };
    }

    private static long soonest(List<Failure> attempts) {
        long soonest = -1;
        for (Failure failure : attempts) {
            long wait = failure.retryAfterMillis();
            if (wait >= 0 && (soonest < 0 || wait < soonest)) soonest = wait;
        }
        return soonest;
    }

    private static ClientAnswer answer(
            Failure failure, int status, String code, String message, long retryAfterMillis) {
        String type = status == failure.kind().status() ? failure.kind().type() : FailureKind.typeOf(status);
        return new ClientAnswer(status, type, code, message, retryAfterMillis, failure.param());
    }

    private static ClientAnswer answer(FailureKind kind, String message) {
        return new ClientAnswer(kind.status(), kind.type(), kind.code(), message, -1, null);
    }
}
