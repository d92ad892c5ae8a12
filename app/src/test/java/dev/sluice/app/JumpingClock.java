package dev.sluice.app;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A wall clock that goes on from noon and that a test sets forward and back. */
final class JumpingClock extends Clock {
    static final Instant NOON = Instant.parse("2027-03-10T12:00:00Z");

    private final long startNanos = System.nanoTime();
    private final AtomicLong jumped = new AtomicLong();

    void jump(Duration by) {
        jumped.addAndGet(by.toMillis());
    }

    @Override
    public Instant instant() {
        return NOON.plusNanos(System.nanoTime() - startNanos).plusMillis(jumped.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("nobody asks for other zones");
    }
}
