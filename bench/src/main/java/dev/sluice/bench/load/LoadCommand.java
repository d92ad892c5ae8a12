package dev.sluice.bench.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.bench.cli.Arguments;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** The command {@code load}: one run against one port, told as a table and as one line of JSON. */
public final class LoadCommand {
    private static final Set<String> OPTIONS =
            Set.of("port", "path", "key", "model", "connections", "rate", "seconds", "events", "pace", "hold");
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private LoadCommand() {}

    /** @return 0 if all calls ended well */
    public static int run(List<String> words, PrintStream out) throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(words, OPTIONS, Set.of());
        Target target = new Target(
                arguments.number("port", 0),
                arguments.text("path").orElse(Target.CHAT),
                arguments.text("key").orElse("bench"),
                arguments.text("model").orElse("chat-default"));
        Duration duration = Duration.ofMillis((long) (arguments.decimal("seconds", 10) * 1000));
        if (arguments.has("hold")) return hold(target, arguments.number("hold", 0), duration, out);

        Call call = arguments.has("events")
                ? new Call.Streamed(arguments.number("events", 64), arguments.number("pace", 10))
                : new Call.Whole();
        Pace pace = arguments.has("rate") ? new Pace.Constant(arguments.number("rate", 1)) : new Pace.ClosedLoop();
        LoadPlan plan = new LoadPlan(target, call, pace, arguments.number("connections", 32), duration, DRAIN);
        LoadResult result = Load.run(plan);
        out.print(table(result));
        out.println(json(result));
        return result.isClean() ? 0 : 1;
    }

    private static int hold(Target target, int streams, Duration duration, PrintStream out)
            throws IOException, InterruptedException {
        if (streams < 1) throw new IllegalArgumentException("hold: " + streams + " streams (expected: >= 1)");
        try (HeldStreams held = HeldStreams.open(target, streams, 1000, Duration.ofSeconds(30))) {
            out.println(held.count() + " of " + streams + " streams are open, for " + duration.toSeconds() + " s");
            Thread.sleep(duration);
            int left = held.count();
            out.println(left + " still are" + (left == streams ? "" : "; the first failure: " + held.firstFailure()));
            return left == streams ? 0 : 1;
        }
    }

    static String table(LoadResult result) {
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                Locale.ROOT,
                "%d calls in %.1f s, %.0f/s, %d events, %d began late%n",
                result.finished(),
                result.seconds(),
                result.callsPerSecond(),
                result.events(),
                result.startedLate()));
        out.append("microseconds       p50       p90       p99     p99.9       max\n");
        row(out, "call", result.latency());
        row(out, "first event", result.firstEvent());
        row(out, "event gap", result.gaps());
        result.complaint().ifPresent(complaint -> out.append(complaint).append('\n'));
        return out.toString();
    }

    private static void row(StringBuilder out, String name, Histogram histogram) {
        if (histogram.getTotalCount() == 0) return;
        out.append(String.format(Locale.ROOT, "%-12s", name));
        for (double percentile : PERCENTILES) {
            out.append(String.format(Locale.ROOT, "%10.0f", histogram.getValueAtPercentile(percentile) / 1e3));
        }
        out.append('\n');
    }

    static String json(LoadResult result) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("finished", result.finished());
            json.writeNumberField("refused", result.failures().refused());
            json.writeNumberField("broken", result.failures().broken());
            json.writeNumberField("cutShort", result.failures().cutShort());
            json.writeNumberField("unfinished", result.failures().unfinished());
            json.writeNumberField("seconds", result.seconds());
            json.writeNumberField("callsPerSecond", result.callsPerSecond());
            json.writeNumberField("events", result.events());
            json.writeNumberField("startedLate", result.startedLate());
            percentiles(json, "latencyMicros", result.latency());
            percentiles(json, "firstEventMicros", result.firstEvent());
            percentiles(json, "gapMicros", result.gaps());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void percentiles(JsonGenerator json, String name, Histogram histogram) throws IOException {
        if (histogram.getTotalCount() == 0) return;
        json.writeObjectFieldStart(name);
        for (double percentile : PERCENTILES) {
            String label =
                    percentile == 100 ? "max" : "p" + String.valueOf(percentile).replaceAll("\\.0$", "");
            json.writeNumberField(label, histogram.getValueAtPercentile(percentile) / 1000);
        }
        json.writeEndObject();
    }
}
