package dev.sluice.store.journal;

import dev.sluice.traffic.usage.UsageRecord;
import java.util.concurrent.atomic.LongAdder;

/** Counts records that had to be dropped. */
final class Losses {
    private final LongAdder records = new LongAdder();
    private final LongAdder inputTokens = new LongAdder();
    private final LongAdder outputTokens = new LongAdder();
    private final LongAdder costMicros = new LongAdder();

    void add(UsageRecord record) {
        records.increment();
        inputTokens.add(record.usage().inputTokens());
        outputTokens.add(record.usage().outputTokens());
        costMicros.add(record.costMicros());
    }

    long records() {
        return records.sum();
    }

    JournalState.Lost total() {
        return new JournalState.Lost(records.sum(), inputTokens.sum(), outputTokens.sum(), costMicros.sum());
    }
}
