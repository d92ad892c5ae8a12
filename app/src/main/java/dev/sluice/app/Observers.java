package dev.sluice.app;

import dev.sluice.app.observe.CallMetrics;
import dev.sluice.app.observe.LogQueue;
import dev.sluice.settings.ModelApi;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.usage.UsageRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who sees finished calls: the metrics at once, in memory, and a log on a thread of its own. */
final class Observers implements AutoCloseable {
    private final CallMetrics metrics = new CallMetrics();
    private final @Nullable LogQueue log;
    private final List<Monitored> all = new ArrayList<>();

    Observers(Optional<Consumer<List<UsageRecord>>> accessLog) {
        all.add(new Monitored(metrics, ModelApi.Monitoring::metrics));
        log = accessLog.map(LogQueue::new).orElse(null);
        if (log != null) {
            all.add(new Monitored(log, ModelApi.Monitoring::logs));
            metrics.gauge(
                    "sluice.access.log.dropped", "Calls without a line in the access log", log, LogQueue::dropped);
        }
    }

    CallMetrics metrics() {
        return metrics;
    }

    /** In the order in which they are to see calls; none of them waits for anything. */
    List<Consumer<List<UsageRecord>>> all() {
        return List.copyOf(all);
    }

    /** From when on there are settings that say what is to be seen. */
    void follow(Supplier<Snapshot> newest) {
        all.forEach(observer -> observer.follow(newest));
    }

    /** After the ledger, which brings them the last calls. */
    @Override
    public void close() {
        if (log != null) log.close();
    }
}
