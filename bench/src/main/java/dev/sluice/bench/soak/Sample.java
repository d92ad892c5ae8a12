package dev.sluice.bench.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * What a gateway that rests between two parts of the run holds.
 *
 * @param calls ended so far
 * @param residentBytes memory of the process
 * @param liveHeapBytes objects that can be reached, after a full collection
 * @param handles open files and sockets
 * @param sockets those of them that are sockets
 * @param callsInFlight calls that it believes to be under way
 * @param reservations that are neither settled nor given back
 * @param bufferedBytes of request bodies
 * @param openStreams that the provider still sends
 */
record Sample(
        long calls,
        double seconds,
        long residentBytes,
        long liveHeapBytes,
        long handles,
        long sockets,
        long callsInFlight,
        long reservations,
        long bufferedBytes,
        long openStreams) {
    static final String HEAD = String.format(
            "%10s %8s %9s %10s %8s %8s %6s %9s %9s %8s%n",
            "calls",
            "seconds",
            "RSS, MB",
            "heap, MB",
            "handles",
            "sockets",
            "calls",
            "reserved",
            "buffered",
            "streams");

    /** Nothing may be under way any more. */
    boolean isAtRest() {
        return callsInFlight == 0 && reservations == 0 && bufferedBytes == 0 && openStreams == 0;
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%10d %8.0f %9.1f %10.2f %8d %8d %6d %9d %9d %8d%n",
                calls,
                seconds,
                residentBytes / 1e6,
                liveHeapBytes / 1e6,
                handles,
                sockets,
                callsInFlight,
                reservations,
                bufferedBytes,
                openStreams);
    }

    /** The middle value of some samples. */
    static long median(List<Sample> samples, ToLongFunction<Sample> value) {
        long[] sorted = samples.stream().mapToLong(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
