package dev.sluice.app;

import dev.sluice.settings.ModelApi.Monitoring;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.usage.UsageRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps the calls of Model APIs that are not to be observed from an observer. */
final class Monitored implements Consumer<List<UsageRecord>> {
    private final Consumer<List<UsageRecord>> observer;
    private final Predicate<Monitoring> wanted;
    private volatile @Nullable Supplier<Snapshot> snapshots;
    private Set<Name> unwanted = Set.of();
    private long revision = -1;

    private record Name(String tenant, String modelApi) {}

    Monitored(Consumer<List<UsageRecord>> observer, Predicate<Monitoring> wanted) {
        this.observer = observer;
        this.wanted = wanted;
    }

    /** From when on there are settings to go by. */
    void follow(Supplier<Snapshot> newest) {
        snapshots = newest;
    }

    @Override
    public void accept(List<UsageRecord> records) {
        Supplier<Snapshot> newest = snapshots;
        if (newest != null) refresh(newest.get());
        if (unwanted.isEmpty()) {
            observer.accept(records);
            return;
        }
        List<UsageRecord> kept = new ArrayList<>(records.size());
        for (UsageRecord r : records) {
            if (!unwanted.contains(new Name(r.tenant(), r.modelApi()))) kept.add(r);
        }
        if (!kept.isEmpty()) observer.accept(kept);
    }

    private void refresh(Snapshot snapshot) {
        if (snapshot.revision() == revision) return;
        revision = snapshot.revision();
        Set<Name> names = new HashSet<>();
        for (BoundModelApi api : snapshot.modelApis()) {
            if (!wanted.test(api.spec().monitoring())) names.add(new Name(api.tenant(), api.name()));
        }
        unwanted = names;
    }
}
