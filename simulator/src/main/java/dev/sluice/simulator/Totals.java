package dev.sluice.simulator;

import dev.sluice.protocol.Usage;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What each model did since the start or the last reset. Safe for all threads; a call counts as ended before its last byte is written. */
public final class Totals {
    /** Names after this many are counted together, as names come from outside. */
    private static final int MOST_MODELS = 10_000;

    private static final String OTHERS = "(others)";

    private final ConcurrentHashMap<String, Counters> models = new ConcurrentHashMap<>();

    Totals() {}

    /** The totals of one model, zero when it was never called. */
    public ModelTotals of(String model) {
        Counters counters = models.get(model);
        return counters == null ? ModelTotals.ZERO : counters.read();
    }

    public Map<String, ModelTotals> byModel() {
        Map<String, ModelTotals> all = new TreeMap<>();
        models.forEach((model, counters) -> all.put(model, counters.read()));
        return all;
    }

    public ModelTotals sum() {
        return byModel().values().stream().reduce(ModelTotals.ZERO, ModelTotals::plus);
    }

    public void reset() {
        models.clear();
    }

    void arrived(LiveCall call) {
        counters(call.model()).calls.increment();
    }

    void ended(LiveCall call) {
        counters(call.model()).ended(call);
    }

    private Counters counters(String model) {
        Counters known = models.get(model);
        if (known != null) {
            return known;
        }
        return models.computeIfAbsent(models.size() < MOST_MODELS ? model : OTHERS, _ -> new Counters());
    }

    private static final class Counters {
        final LongAdder calls = new LongAdder();
        private final LongAdder answered = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final LongAdder cut = new LongAdder();
        private final LongAdder cancelled = new LongAdder();
        private final LongAdder tokensSent = new LongAdder();
        private final UsageCounters billed = new UsageCounters();
        private final UsageCounters reported = new UsageCounters();

        void ended(LiveCall call) {
            switch (call.outcome()) {
                case ANSWERED -> answered.increment();
                case REFUSED -> refused.increment();
                case CUT -> cut.increment();
                case CANCELLED -> cancelled.increment();
                case OPEN -> throw new IllegalStateException("outcome: OPEN (expected: a call that has ended)");
            }
            tokensSent.add(call.tokensSent());
            billed.add(call.billed());
            Usage told = call.reported();
            if (told != null) {
                reported.add(told);
            }
        }

        ModelTotals read() {
            return new ModelTotals(
                    calls.sum(),
                    answered.sum(),
                    refused.sum(),
                    cut.sum(),
                    cancelled.sum(),
                    tokensSent.sum(),
                    billed.read(),
                    reported.read());
        }
    }

    private static final class UsageCounters {
        private final LongAdder input = new LongAdder();
        private final LongAdder cached = new LongAdder();
        private final LongAdder cacheWritten = new LongAdder();
        private final LongAdder output = new LongAdder();
        private final LongAdder reasoning = new LongAdder();

        void add(Usage usage) {
            input.add(usage.inputTokens());
            cached.add(usage.cachedInputTokens());
            cacheWritten.add(usage.cacheWrittenTokens());
            output.add(usage.outputTokens());
            reasoning.add(usage.reasoningTokens());
        }

        Usage read() {
            return new Usage(input.sum(), cached.sum(), cacheWritten.sum(), output.sum(), reasoning.sum());
        }
    }
}
