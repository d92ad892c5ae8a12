package dev.sluice.bench.compare;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An outcome as a table for people and as one line of JSON for programs. */
final class Report {
    private static final List<String> CONTESTANTS = List.of(
            Contestant.DIRECT,
            Contestant.NGINX,
            Rival.HAPROXY.title(),
            Rival.PORTKEY.title(),
            Contestant.GATEWAY,
            Contestant.TRANSLATED);

    private final Outcome outcome;

    Report(Outcome outcome) {
        this.outcome = outcome;
    }

    String table() {
        StringBuilder out = new StringBuilder();
        out.append(outcome.machine().describe());
        line(out, "%s", outcome.at());
        line(out, "other processes took %.0f %% of the machine during the rounds", outcome.othersShare() * 100);
        line(out, "");
        line(
                out,
                "%-20s %-10s %8s %8s %6s %8s %8s %8s %8s %8s",
                "shape",
                "who",
                "CPU us",
                "x nginx",
                "busy",
                "per s",
                "p50 us",
                "p99 us",
                "first us",
                "gap99 us");
        for (Shape shape : Shape.values()) {
            for (String name : CONTESTANTS) outcome.of(shape, name).ifPresent(round -> row(out, shape, name, round));
        }
        outcome.gateway().ifPresent(gateway -> gateway(out, gateway));
        budgets(out);
        list(out, "Complaints:", outcome.complaints());
        list(out, "Remarks:", outcome.remarks());
        return out.toString();
    }

    private static void list(StringBuilder out, String title, List<String> sentences) {
        if (sentences.isEmpty()) return;
        line(out, "");
        line(out, title);
        sentences.forEach(sentence -> line(out, "  %s", sentence));
    }

    private void row(StringBuilder out, Shape shape, String name, Round round) {
        String ratio = name.equals(Contestant.DIRECT)
                ? ""
                : outcome.of(shape, Contestant.NGINX)
                        .map(nginx -> format("%.2f", round.cpu() / nginx.cpu()))
                        .orElse("");
        String cpu = name.equals(Contestant.DIRECT) ? "" : format("%.1f", round.cpu());
        String busy = name.equals(Contestant.DIRECT) ? "" : format("%.0f %%", round.busy() * 100);
        String first = shape.isStreamed() ? format("%.0f", round.firstEventP50()) : "";
        String gap = shape.isStreamed() ? format("%.0f", round.gapP99()) : "";
        line(
                out,
                "%-20s %-10s %8s %8s %6s %8.0f %8.0f %8.0f %8s %8s",
                shape.title(),
                name,
                cpu,
                ratio,
                busy,
                round.perSecond(),
                round.p50(),
                round.p99(),
                first,
                gap);
    }

    private static void gateway(StringBuilder out, Outcome.OfGateway gateway) {
        line(out, "");
        starts(out, "all processors", gateway.starts());
        starts(out, "one processor", gateway.pinnedStarts());
        line(
                out,
                "resident memory: idle %.0f MB, after load %.0f MB",
                gateway.idleBytes() / 1048576.0,
                gateway.loadedBytes() / 1048576.0);
        for (Outcome.Held held : gateway.held()) {
            line(
                    out,
                    "%d open streams: live heap %.1f kB each, resident memory +%.1f kB each, left open upstream afterwards: %d",
                    held.streams(),
                    held.heapBytes() / 1024.0,
                    held.residentBytes() / 1024.0,
                    held.left());
        }
        for (Outcome.Flow flow : gateway.flows()) {
            evenness(out, flow.streams(), "gateway", flow.gateway());
            evenness(out, flow.streams(), "direct", flow.direct());
        }
        String metered = gateway.meteredCalls().isPresent()
                ? Long.toString(gateway.meteredCalls().getAsLong())
                : "not to be had";
        line(out, "calls finished: %d, in the usage statistics: %s", gateway.sentCalls(), metered);
    }

    private static void evenness(StringBuilder out, int streams, String who, Outcome.Evenness evenness) {
        line(
                out,
                "%d open streams with an event each every half second, %s: longest stall %.1f ms, p99.9 %.1f ms, first event p50 %.2f ms",
                streams,
                who,
                evenness.longest(),
                evenness.p999(),
                evenness.firstEvent());
    }

    private static void starts(StringBuilder out, String where, List<Double> sorted) {
        if (sorted.isEmpty()) return;
        line(
                out,
                "start to first served call, %s: median %.2f s, fastest %.2f s, slowest %.2f s (%d starts)",
                where,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }

    private void budgets(StringBuilder out) {
        Map<Budget, Double> figures = outcome.budgeted();
        if (figures.isEmpty()) return;
        line(out, "");
        line(out, "%-40s %10s %10s  %s", "budget", "found", "allowed", "");
        figures.forEach((budget, figure) -> line(
                out,
                "%-40s %10.2f %10.2f  %-8s %s",
                budget.title(),
                figure,
                budget.limit(),
                budget.unit(),
                figure <= budget.limit() ? "kept" : "EXCEEDED"));
    }

    String json() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("at", outcome.at().toString());
            machine(json, outcome.machine());
            number(json, "othersShare", outcome.othersShare());
            json.writeArrayFieldStart("shapes");
            for (Shape shape : Shape.values()) {
                for (String name : CONTESTANTS) {
                    if (outcome.of(shape, name).isPresent())
                        round(json, shape, name, outcome.of(shape, name).get());
                }
            }
            json.writeEndArray();
            if (outcome.gateway().isPresent()) gateway(json, outcome.gateway().get());
            json.writeArrayFieldStart("budgets");
            for (Map.Entry<Budget, Double> figure : outcome.budgeted().entrySet()) {
                json.writeStartObject();
                json.writeStringField("budget", figure.getKey().title());
                json.writeStringField("unit", figure.getKey().unit());
                number(json, "found", figure.getValue());
                number(json, "allowed", figure.getKey().limit());
                json.writeEndObject();
            }
            json.writeEndArray();
            list(json, "complaints", outcome.complaints());
            list(json, "remarks", outcome.remarks());
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void list(JsonGenerator json, String name, List<String> sentences) throws IOException {
        json.writeArrayFieldStart(name);
        for (String sentence : sentences) json.writeString(sentence);
        json.writeEndArray();
    }

    private static void machine(JsonGenerator json, Machine machine) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeStringField("processor", machine.processor());
        json.writeNumberField("processors", machine.processors());
        json.writeNumberField("memoryMib", machine.memoryMib());
        json.writeStringField("kernel", machine.kernel());
        json.writeStringField("java", machine.java());
        for (Map.Entry<String, String> rival : machine.rivals().entrySet()) {
            json.writeStringField(rival.getKey(), rival.getValue());
        }
        json.writeEndObject();
    }

    private static void round(JsonGenerator json, Shape shape, String name, Round round) throws IOException {
        json.writeStartObject();
        json.writeStringField("shape", shape.title());
        json.writeStringField("who", name);
        json.writeStringField("unit", shape.unit());
        if (!name.equals(Contestant.DIRECT)) number(json, "cpuMicros", round.cpu());
        if (!name.equals(Contestant.DIRECT)) number(json, "busy", round.busy());
        number(json, "perSecond", round.perSecond());
        number(json, "p50Micros", round.p50());
        number(json, "p99Micros", round.p99());
        if (shape.isStreamed()) {
            number(json, "firstEventP50Micros", round.firstEventP50());
            number(json, "gapP99Micros", round.gapP99());
        }
        json.writeEndObject();
    }

    private static void gateway(JsonGenerator json, Outcome.OfGateway gateway) throws IOException {
        json.writeObjectFieldStart("gateway");
        seconds(json, "startSeconds", gateway.starts());
        seconds(json, "startSecondsOneProcessor", gateway.pinnedStarts());
        json.writeNumberField("idleBytes", gateway.idleBytes());
        json.writeNumberField("loadedBytes", gateway.loadedBytes());
        json.writeArrayFieldStart("heldStreams");
        for (Outcome.Held held : gateway.held()) {
            json.writeStartObject();
            json.writeNumberField("streams", held.streams());
            json.writeNumberField("heapBytesEach", held.heapBytes());
            json.writeNumberField("residentBytesEach", held.residentBytes());
            json.writeNumberField("leftOpen", held.left());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("flows");
        for (Outcome.Flow flow : gateway.flows()) {
            json.writeStartObject();
            json.writeNumberField("streams", flow.streams());
            evenness(json, "gateway", flow.gateway());
            evenness(json, "direct", flow.direct());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("finishedCalls", gateway.sentCalls());
        if (gateway.meteredCalls().isPresent()) {
            json.writeNumberField("meteredCalls", gateway.meteredCalls().getAsLong());
        }
        json.writeEndObject();
    }

    private static void evenness(JsonGenerator json, String name, Outcome.Evenness evenness) throws IOException {
        json.writeObjectFieldStart(name);
        number(json, "longestStallMillis", evenness.longest());
        number(json, "stallP999Millis", evenness.p999());
        number(json, "firstEventP50Millis", evenness.firstEvent());
        json.writeEndObject();
    }

    private static void seconds(JsonGenerator json, String name, List<Double> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (double value : values) json.writeNumber(format("%.3f", value));
        json.writeEndArray();
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
