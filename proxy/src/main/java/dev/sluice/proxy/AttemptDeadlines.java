package dev.sluice.proxy;

import dev.sluice.settings.Operation;
import dev.sluice.settings.Timeouts;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.routing.Target;

/** Until when one attempt waits for what, within the deadlines of the attempt and of the call as a whole. */
final class AttemptDeadlines {
    private static final long NO_DEADLINE_NANOS = 365L * 24 * 3600 * 1_000_000_000L;

    private final Exchange x;
    private final Target target;
    private final Timeouts timeouts;
    private long startedAtNanos = System.nanoTime();

    AttemptDeadlines(Exchange x, Target target) {
        this.x = x;
        this.target = target;
        this.timeouts = target.service().spec().timeouts();
    }

    void begin() {
        beforeContent(isWhole() ? timeouts.wholeAnswerMs() : timeouts.firstByteMs(), startedAtNanos);
    }

    /** The request is out: the upstream's time begins, however long the request took to come. */
    void uploaded() {
        startedAtNanos = System.nanoTime();
        begin();
    }

    /** Something arrived: the idle deadline moves. Before the first content of a stream the first packet deadline holds as well. */
    void progressed() {
        if (x.committed) set(FailureKind.TIMEOUT, System.nanoTime() + millis(timeouts.idleMs()));
        else beforeContent(timeouts.idleMs(), System.nanoTime());
    }

    /** The client reads slowly: only the deadlines of the whole hold. */
    void paused() {
        set(FailureKind.TIMEOUT, System.nanoTime() + NO_DEADLINE_NANOS);
    }

    /** What it means that the deadline that was set last has passed. */
    Failure failure(boolean answering) {
        FailureKind kind = x.deadlineKind;
        String limit = switch (kind) {
            case FIRST_PACKET_TIMEOUT ->
                "no content within " + x.api().spec().firstPacketTimeoutMs() + " ms (firstPacketTimeoutMs)";
            case TOTAL_TIMEOUT ->
                "the call took longer than " + x.api().spec().totalTimeoutMs() + " ms (totalTimeoutMs)";
            default ->
                answering
                        ? "nothing more arrived within " + timeouts.idleMs() + " ms (timeouts.idleMs)"
                        : isWhole()
                                ? "no answer within " + timeouts.wholeAnswerMs() + " ms (timeouts.wholeAnswerMs)"
                                : "no answer within " + timeouts.firstByteMs() + " ms (timeouts.firstByteMs)";
        };
        return Failure.of(kind, "service \"" + target.service().name() + "\": " + limit);
    }

    /** Whether the answer comes at once when all of it has been made. */
    private boolean isWhole() {
        boolean reads = x.operation() == Operation.RESPONSES && !x.item().isEmpty();
        return !x.wantsStream() && !reads && x.operation().generates();
    }

    private void beforeContent(int waitMs, long fromNanos) {
        int firstPacketMs = x.wantsStream() ? x.api().spec().firstPacketTimeoutMs() : 0;
        long wait = fromNanos + millis(waitMs);
        long firstPacket = startedAtNanos + millis(firstPacketMs);
        if (firstPacketMs > 0 && firstPacket - wait < 0) set(FailureKind.FIRST_PACKET_TIMEOUT, firstPacket);
        else set(FailureKind.TIMEOUT, wait);
    }

    private void set(FailureKind kind, long atNanos) {
        long total = Attempts.totalDeadline(x);
        long attemptTotal = startedAtNanos + millis(timeouts.totalMs());
        if (total - atNanos <= 0 && total - attemptTotal <= 0) x.deadline(FailureKind.TOTAL_TIMEOUT, total);
        else if (attemptTotal - atNanos <= 0) x.deadline(FailureKind.TIMEOUT, attemptTotal);
        else x.deadline(kind, atNanos);
    }

    private static long millis(long ms) {
        return ms * 1_000_000L;
    }
}
