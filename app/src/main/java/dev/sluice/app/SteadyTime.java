package dev.sluice.app;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Time that only passes: the wall clock of the start, and what has gone by since. Everything that lasts (windows of
 * limits, leases, rests of keys and nodes, open circuits) is counted in it, so that a wall clock that is set forward or
 * back neither ends nor prolongs any of it.
 */
final class SteadyTime implements InstantSource {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final InstantSource wall;
    private final LongSupplier nanos;
    private final long startMillis;
    private final long startNanos;

    private SteadyTime(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
        startMillis = wall.millis();
        startNanos = nanos.getAsLong();
    }

    static SteadyTime from(InstantSource wall) {
        return from(wall, System::nanoTime);
    }

    static SteadyTime from(InstantSource wall, LongSupplier nanos) {
        return new SteadyTime(wall, nanos);
    }

    @Override
    public long millis() {
        return startMillis + (nanos.getAsLong() - startNanos) / NANOS_PER_MILLI;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    /** What the wall clock shows at a moment of steady time, as it is set now. */
    long toWall(long steadyMillis) {
        return steadyMillis + (wall.millis() - millis());
    }
}
