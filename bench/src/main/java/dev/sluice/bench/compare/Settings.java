package dev.sluice.bench.compare;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How long and how often is measured, and with what.
 *
 * @param launcher the gateway's start script; absent = only others are measured
 * @param rivals what it is compared with, as far as it is installed
 * @param work a folder for everything that goes away afterwards
 * @param packages the folder of what npm installed
 * @param proxyCpu the processor of the proxies; the harness itself is put on another by its start script
 * @param rounds how often each shape runs against each target
 * @param round how long
 * @param warmUp how long the gateway is warmed up by whole calls at least, longer as long as they get faster, and a fourth of it by streams; load and mock provider alone,
 *     and other proxies, need a third
 * @param starts how many starts are timed with all processors, and as many with one
 * @param idle how long the gateway stands idle before its memory is read
 * @param heldStreams numbers of open streams at which the live heap is read
 * @param flow how long streams begin, as many open at a time as the most that are held, to see whether events stall; zero = not at all
 */
record Settings(
        Optional<Path> launcher,
        Set<Rival> rivals,
        Path work,
        Path packages,
        int proxyCpu,
        int rounds,
        Duration round,
        Duration warmUp,
        int starts,
        Duration idle,
        List<Integer> heldStreams,
        Duration flow) {
    Settings {
        heldStreams = List.copyOf(heldStreams);
        rivals = Set.copyOf(rivals);
        if (rounds < 1) throw new IllegalArgumentException("rounds: " + rounds + " (expected: >= 1)");
        if (!round.isPositive()) throw new IllegalArgumentException("seconds: " + round + " (expected: > 0)");
    }

    /** About fourteen minutes. */
    static Settings full(Optional<Path> launcher, Path work, Path packages, int proxyCpu) {
        return new Settings(
                launcher,
                EnumSet.allOf(Rival.class),
                work,
                packages,
                proxyCpu,
                5,
                Duration.ofSeconds(6),
                Duration.ofSeconds(24),
                10,
                Duration.ofSeconds(30),
                List.of(1000, 5000),
                Duration.ofSeconds(12));
    }

    /** About two minutes: enough to see that something became twice as dear. */
    static Settings brief(Optional<Path> launcher, Path work, Path packages, int proxyCpu) {
        return new Settings(
                launcher,
                EnumSet.allOf(Rival.class),
                work,
                packages,
                proxyCpu,
                2,
                Duration.ofMillis(1200),
                Duration.ofSeconds(7),
                1,
                Duration.ofSeconds(2),
                List.of(500),
                Duration.ofSeconds(8));
    }

    /** About half a minute: enough to see that something became several times as dear. */
    static Settings smoke(Optional<Path> launcher, Path work, Path packages, int proxyCpu) {
        return new Settings(
                launcher,
                EnumSet.of(Rival.NGINX),
                work,
                packages,
                proxyCpu,
                1,
                Duration.ofMillis(1200),
                Duration.ofSeconds(8),
                1,
                Duration.ofSeconds(1),
                List.of(200),
                Duration.ZERO);
    }

    Settings withRounds(int newRounds, Duration newRound) {
        return new Settings(
                launcher,
                rivals,
                work,
                packages,
                proxyCpu,
                newRounds,
                newRound,
                warmUp,
                starts,
                idle,
                heldStreams,
                flow);
    }
}
