package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that appends records, and counts what is left. */
class StoreCrashTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = 3;
    private static final int BATCHES = 25;

    @TempDir
    Path directory;

    /** The process that is killed: appends until then, and says which records it believes to be safe. */
    static final class Victim {
        public static void main(String[] args) {
            PrintStream out = new PrintStream(
                    new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.US_ASCII);
            try (Store store = Store.open(StoreOptions.of(Path.of(args[0]), null), Clock.systemUTC(), List.of())) {
                for (int batch = 0; ; batch++) {
                    StringBuilder ids = new StringBuilder();
                    for (int i = 0; i < 40; i++) {
                        String id = args[1] + "-" + batch + "-" + i;
                        store.ledger().append(Samples.call(id, Samples.NOON.plusMillis(batch)));
                        ids.append(id).append(' ');
                    }
                    if (store.flush(PATIENCE)) out.println(ids.toString().strip());
                }
            }
        }
    }

    @Test
    void losesNoRecordThatWasSafeAndCountsNoneTwiceWhenItIsKilled() throws Exception {
        Set<String> safe = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) safe.addAll(runAndKill("r" + round));
        assertThat(safe).hasSizeGreaterThanOrEqualTo(ROUNDS * BATCHES * 40);

        List<String> found = new ArrayList<>();
        try (Store store = Store.open(StoreOptions.of(directory, null), Clock.systemUTC(), List.of())) {
            assertThat(store.shipNow(PATIENCE)).isTrue();
            store.calls()
                    .visit(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), _ -> true, call -> add(found, call));
            UsageQuery all = new UsageQuery(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), List.of(), Map.of());
            assertThat(store.reports().query(all).getFirst().calls()).isEqualTo(found.size());
        }
        Set<String> once = new HashSet<>(found);
        assertThat(once).containsAll(safe);
        assertThat(found).hasSameSizeAs(once);
    }

    private static boolean add(List<String> ids, UsageRecord call) {
        return ids.add(call.id());
    }

    /** Lets the victim go on for some batches, kills it in the middle of its work, and returns what it called safe. */
    private Set<String> runAndKill(String name) throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Set<String> safe = new HashSet<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.US_ASCII))) {
            int batches = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                safe.addAll(List.of(line.split(" ")));
                // By its handle: the process itself would also close the pipe that is being read.
                if (++batches == BATCHES) victim.toHandle().destroyForcibly();
            }
        } finally {
            victim.destroyForcibly().waitFor();
        }
        return safe;
    }
}
