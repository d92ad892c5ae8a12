package dev.sluice.app.fire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.Store;
import dev.sluice.store.StoreOptions;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a data folder holds after the last process has ended.
 *
 * @param inReports calls by the roll-ups
 */
record Counted(Set<String> ids, List<String> twice, long inReports) {
    static Counted in(Path data) {
        Map<String, Integer> found = new HashMap<>();
        Instant end = Instant.parse("2100-01-01T00:00:00Z");
        try (Store store = Store.open(StoreOptions.of(data, null), Clock.systemUTC(), List.of())) {
            assertThat(store.shipNow(Duration.ofSeconds(30))).isTrue();
            store.calls().visit(Instant.EPOCH, end, _ -> true, call -> note(found, call));
            UsageQuery all = new UsageQuery(Instant.EPOCH, end, List.of(), Map.of());
            long reported = store.reports().query(all).getFirst().calls();
            List<String> twice = found.entrySet().stream()
                    .filter(e -> e.getValue() > 1)
                    .map(Map.Entry::getKey)
                    .toList();
            return new Counted(new HashSet<>(found.keySet()), twice, reported);
        }
    }

    private static boolean note(Map<String, Integer> found, UsageRecord call) {
        found.merge(call.id(), 1, Integer::sum);
        return true;
    }
}
