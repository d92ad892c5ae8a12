package dev.sluice.bench.scale;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.bench.compare.Machine;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** An outcome as a table for people and as one line of JSON for programs. */
final class ScaleReport {
    private static final double MIB = 1048576;

    private ScaleReport() {}

    static String table(Machine machine, ScaleOutcome outcome) {
        StringBuilder out = new StringBuilder(machine.describe());
        line(out, "");
        line(
                out,
                "%8s %11s %9s %9s %8s %11s %12s %12s %9s",
                "keys",
                "Model APIs",
                "start s",
                "idle MB",
                "heap MB",
                "loaded MB",
                "loop us/call",
                "all us/call",
                "calls/s");
        for (Side side : List.of(outcome.small(), outcome.large())) {
            Side.Cost cost = side.median();
            line(
                    out,
                    "%8d %11d %9.2f %9.0f %8.0f %11.0f %12.1f %12.1f %9.0f",
                    side.population().apiKeys(),
                    side.population().modelApis(),
                    side.startSeconds(),
                    side.residentBytes() / MIB,
                    side.heapBytes() / MIB,
                    side.loadedBytes() / MIB,
                    cost.loop(),
                    cost.whole(),
                    cost.perSecond());
        }
        line(out, "taken in by the admin API in %.1f s", outcome.fillSeconds());
        line(out, "");
        line(
                out,
                "%-28s %8s %8s %8s %8s %8s",
                "calls at a constant rate",
                "calls",
                "p50 ms",
                "p99 ms",
                "p99.9",
                "max ms");
        latency(out, "nothing changes", outcome.quiet());
        latency(out, "a change each second", outcome.publishing());
        line(out, "");
        line(
                out,
                "%-28s %8s %8s %8s %8s",
                "change, median (slowest)",
                "times",
                "answered",
                "seen",
                "behind the answer, ms");
        for (Change change : Change.values()) {
            List<Changes.Made> made = of(outcome, change);
            if (made.isEmpty()) continue;
            line(
                    out,
                    "%-28s %8d %s %s %s",
                    change.title(),
                    made.size(),
                    spread(made, Changes.Made::answered),
                    spread(made, Changes.Made::seen),
                    spread(made, Changes.Made::seenAfterAnswer));
        }
        line(out, "");
        line(out, "%-42s %10s %10s", "budget", "found", "allowed");
        for (ScaleOutcome.Figure figure : outcome.figures()) {
            line(
                    out,
                    "%-42s %10.2f %10.2f  %-10s %s",
                    figure.title(),
                    figure.found(),
                    figure.allowed(),
                    figure.unit(),
                    figure.isKept(1) ? "kept" : "EXCEEDED");
        }
        outcome.complaints().forEach(complaint -> line(out, "NOT COUNTED %s", complaint));
        return out.toString();
    }

    private static void latency(StringBuilder out, String name, Histogram nanos) {
        line(
                out,
                "%-28s %8d %8.2f %8.2f %8.2f %8.2f",
                name,
                nanos.getTotalCount(),
                ScaleOutcome.millis(nanos, 50),
                ScaleOutcome.millis(nanos, 99),
                ScaleOutcome.millis(nanos, 99.9),
                ScaleOutcome.millis(nanos, 100));
    }

    private static List<Changes.Made> of(ScaleOutcome outcome, Change change) {
        return outcome.changes().stream()
                .filter(made -> made.change() == change)
                .toList();
    }

    private static String spread(List<Changes.Made> made, ToDoubleFunction<Changes.Made> figure) {
        double[] sorted = made.stream().mapToDouble(figure).sorted().toArray();
        return format("%6.0f (%.0f)", sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }

    static String json(ScaleOutcome outcome) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeArrayFieldStart("gateways");
            for (Side side : List.of(outcome.small(), outcome.large())) side(json, side);
            json.writeEndArray();
            number(json, "fillSeconds", outcome.fillSeconds());
            latency(json, "quietMillis", outcome.quiet());
            latency(json, "publishingMillis", outcome.publishing());
            json.writeArrayFieldStart("changes");
            for (Changes.Made made : outcome.changes()) {
                json.writeStartObject();
                json.writeStringField("change", made.change().title());
                number(json, "answeredMillis", made.answered());
                number(json, "seenMillis", made.seen());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("budgets");
            for (ScaleOutcome.Figure figure : outcome.figures()) {
                json.writeStartObject();
                json.writeStringField("budget", figure.title());
                json.writeStringField("unit", figure.unit());
                number(json, "found", figure.found());
                number(json, "allowed", figure.allowed());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("complaints");
            for (String complaint : outcome.complaints()) json.writeString(complaint);
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void side(JsonGenerator json, Side side) throws IOException {
        json.writeStartObject();
        json.writeNumberField("apiKeys", side.population().apiKeys());
        json.writeNumberField("modelApis", side.population().modelApis());
        number(json, "startSeconds", side.startSeconds());
        json.writeNumberField("residentBytes", side.residentBytes());
        json.writeNumberField("heapBytes", side.heapBytes());
        json.writeNumberField("loadedBytes", side.loadedBytes());
        number(json, "loopMicros", side.median().loop());
        number(json, "cpuMicros", side.median().whole());
        number(json, "perSecond", side.median().perSecond());
        json.writeEndObject();
    }

    private static void latency(JsonGenerator json, String name, Histogram nanos) throws IOException {
        json.writeObjectFieldStart(name);
        for (double percentile : Arrays.asList(50.0, 99.0, 99.9, 100.0)) {
            number(
                    json,
                    percentile == 100 ? "max" : "p" + String.valueOf(percentile).replaceAll("\\.0$", ""),
                    ScaleOutcome.millis(nanos, percentile));
        }
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
        json.writeFieldName(name);
        if (Double.isFinite(value)) json.writeNumber(format("%.3f", value));
        else json.writeNull();
    }

    // The annotation asked for would be a dependency for these two methods alone.
    @SuppressWarnings("AnnotateFormatMethod")
    private static void line(StringBuilder out, String format, Object... values) {
        out.append(format(format, values).stripTrailing()).append('\n');
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
