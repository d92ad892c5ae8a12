package dev.sluice.app.observe;

import dev.sluice.protocol.Units;
import dev.sluice.traffic.usage.UsageRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Metrics of calls in Prometheus form: OpenTelemetry's GenAI names beside the gateway's own. Labels are names that an
 * operator chose; model names, which a client may make up, are counted under {@code other} once there are too many.
 */
public final class CallMetrics implements Consumer<List<UsageRecord>> {
    private static final int MAX_MODELS = 200;
    private static final Duration[] DURATIONS = {
        Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(40), Duration.ofMillis(80),
        Duration.ofMillis(160), Duration.ofMillis(320), Duration.ofMillis(640), Duration.ofMillis(1280),
        Duration.ofMillis(2560), Duration.ofMillis(5120), Duration.ofMillis(10240), Duration.ofMillis(20480),
        Duration.ofMillis(40960), Duration.ofMillis(81920)
    };
    private static final double[] TOKENS = {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Labels, Meters> meters = new HashMap<>();
    private final Set<String> models = new HashSet<>();
    private final AtomicBoolean runtimeBound = new AtomicBoolean();

    private record Labels(
            String modelApi,
            String operation,
            String service,
            String provider,
            String model,
            String currency,
            int status,
            String failure) {}

    /** A finished call has been seen by the ledger's writer thread, the only one that comes here. */
    @Override
    public void accept(List<UsageRecord> records) {
        for (UsageRecord r : records) {
            Labels labels = new Labels(
                    r.modelApi(),
                    r.operation(),
                    r.service(),
                    r.provider(),
                    model(r),
                    r.currency(),
                    r.status(),
                    r.failure());
            Meters m = meters.get(labels);
            if (m == null) {
                m = new Meters(registry, labels);
                meters.put(labels, m);
            }
            m.count(r);
        }
    }

    /** A value that is read when metrics are. */
    public <T> void gauge(String name, String help, T object, ToDoubleFunction<T> value) {
        Gauge.builder(name, object, value)
                .description(help)
                .strongReference(true)
                .register(registry);
    }

    /** A count since the start that is read when metrics are, one of several with the same name. */
    public <T> void counter(
            String name, String help, String label, String labelled, T object, ToDoubleFunction<T> count) {
        // The registry holds what it reads weakly; that is held by its owner.
        FunctionCounter.builder(name, object, count)
                .description(help)
                .tags(label, labelled)
                .register(registry);
    }

    /** All metrics in Prometheus' text form. */
    public String text() {
        // The runtime's own metrics load management classes that a start should not wait for.
        if (runtimeBound.compareAndSet(false, true)) bindRuntime();
        return registry.scrape();
    }

    private void bindRuntime() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
    }

    private String model(UsageRecord r) {
        // A model that no service answered for is whatever the client wrote.
        if (r.service().isEmpty()) return "";
        if (models.contains(r.model())) return r.model();
        if (models.size() >= MAX_MODELS) return "other";
        models.add(r.model());
        return r.model();
    }

    /** The meters of one combination of labels. */
    private static final class Meters {
        private final MeterRegistry registry;
        private final Tags who;
        private final Counter calls;
        private final Counter attempts;
        private final Counter cost;
        private final Counter input;
        private final Counter cachedInput;
        private final Counter cacheWritten;
        private final Counter output;
        private final Counter reasoning;
        private final Timer duration;
        private final Timer firstContent;
        private final DistributionSummary inputUsage;
        private final DistributionSummary outputUsage;

        Meters(MeterRegistry registry, Labels l) {
            this.registry = registry;
            this.who = Tags.of("model_api", l.modelApi(), "service", l.service(), "model", l.model());
            Tags genAi = Tags.of(
                    "gen_ai_operation_name", genAiOperation(l.operation()),
                    "gen_ai_provider_name", l.provider(),
                    "gen_ai_request_model", l.model(),
                    "error_type", l.failure());
            calls = Counter.builder("sluice.calls")
                    .description("Finished calls")
                    .tags(who.and("status", Integer.toString(l.status()), "failure", l.failure()))
                    .register(registry);
            attempts = Counter.builder("sluice.attempts")
                    .description("Upstream attempts of finished calls")
                    .tags(who)
                    .register(registry);
            cost = Counter.builder("sluice.cost.micros")
                    .description("Cost in millionths of the currency")
                    .tags(who.and("currency", l.currency()))
                    .register(registry);
            input = tokens(registry, who, "input");
            cachedInput = tokens(registry, who, "cached_input");
            cacheWritten = tokens(registry, who, "cache_written");
            output = tokens(registry, who, "output");
            reasoning = tokens(registry, who, "reasoning");
            duration = Timer.builder("gen_ai.client.operation.duration")
                    .description("From the request to the end of the answer")
                    .tags(genAi)
                    .serviceLevelObjectives(DURATIONS)
                    .register(registry);
            firstContent = Timer.builder("gen_ai.server.time_to_first_token")
                    .description("From the request to the first content")
                    .tags(genAi)
                    .serviceLevelObjectives(DURATIONS)
                    .register(registry);
            inputUsage = usage(registry, genAi, "input");
            outputUsage = usage(registry, genAi, "output");
        }

        void count(UsageRecord r) {
            if (r.costMicros() > 0) cost.increment((double) r.costMicros());
            if (r.isCall()) {
                calls.increment();
                duration.record(Duration.ofMillis(r.durationMillis()));
            }
            if (r.attempts() > 0) attempts.increment(r.attempts());
            if (r.firstContentMillis() >= 0 && r.streamed())
                firstContent.record(Duration.ofMillis(r.firstContentMillis()));
            if (!r.units().isNone()) count(r.units());
            if (r.usage().totalTokens() == 0) return;
            input.increment((double) r.usage().inputTokens());
            if (r.usage().cachedInputTokens() > 0)
                cachedInput.increment((double) r.usage().cachedInputTokens());
            if (r.usage().cacheWrittenTokens() > 0)
                cacheWritten.increment((double) r.usage().cacheWrittenTokens());
            output.increment((double) r.usage().outputTokens());
            if (r.usage().reasoningTokens() > 0)
                reasoning.increment((double) r.usage().reasoningTokens());
            inputUsage.record((double) r.usage().inputTokens());
            outputUsage.record((double) r.usage().outputTokens());
        }

        /** Made when they are needed: most models are counted in tokens only. */
        private void count(Units u) {
            count("image", (double) u.images());
            count("audio_second", u.audioMillis() / 1000.0);
            count("character", (double) u.characters());
            count("video_second", u.videoMillis() / 1000.0);
        }

        private void count(String unit, double number) {
            if (number == 0) return;
            Counter.builder("sluice.units")
                    .description("Images, seconds and characters that calls consumed")
                    .tags(who.and("unit", unit))
                    .register(registry)
                    .increment(number);
        }

        private static Counter tokens(MeterRegistry registry, Tags who, String type) {
            return Counter.builder("sluice.tokens")
                    .description("Tokens that calls consumed")
                    .tags(who.and("type", type))
                    .register(registry);
        }

        private static DistributionSummary usage(MeterRegistry registry, Tags genAi, String type) {
            return DistributionSummary.builder("gen_ai.client.token.usage")
                    .description("Tokens per call")
                    .tags(genAi.and("gen_ai_token_type", type))
                    .serviceLevelObjectives(TOKENS)
                    .register(registry);
        }

        private static String genAiOperation(String operation) {
            return switch (operation) {
                case "CHAT_COMPLETIONS", "RESPONSES" -> "chat";
                case "COMPLETIONS" -> "text_completion";
                default -> operation.toLowerCase(Locale.ROOT);
            };
        }
    }
}
