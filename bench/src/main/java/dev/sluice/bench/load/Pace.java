package dev.sluice.bench.load;

/** When calls start. */
public sealed interface Pace {
    /** A new call on each connection as soon as the last one has ended: as many as the target takes. */
    record ClosedLoop() implements Pace {}

    /** A call every 1/rate seconds, whether the ones before have ended or not. */
    record Constant(int callsPerSecond) implements Pace {
        public Constant {
            if (callsPerSecond < 1 || callsPerSecond > 1_000_000) {
                throw new IllegalArgumentException("rate: " + callsPerSecond + "/s (expected: 1 to 1000000)");
            }
        }
    }
}
