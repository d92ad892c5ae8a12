package dev.sluice.admin.usage;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.JsonWriter;
import dev.sluice.admin.api.Refusal;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageQuery.Dimension;
import dev.sluice.traffic.usage.UsageReports;
import dev.sluice.traffic.usage.UsageRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The usage operations: sums over roll-ups, grouped and filtered by dimensions. */
public final class UsageHandlers {
    private static final List<String> MEASURES = List.of(
            "calls",
            "failedCalls",
            "inputTokens",
            "cachedInputTokens",
            "cacheWrittenTokens",
            "outputTokens",
            "reasoningTokens",
            "totalTokens",
            "images",
            "audioSeconds",
            "characters",
            "videoSeconds",
            "costMicros");

    private final UsageReports reports;
    private final InstantSource clock;

    public UsageHandlers(UsageReports reports, InstantSource clock) {
        this.reports = reports;
        this.clock = clock;
    }

    /** By operationId. */
    public Map<String, Handler> handlers() {
        return Map.of("getUsage", this::usage, "downloadUsage", this::download);
    }

    private Answer usage(Call call) {
        UsageQuery query = query(call);
        List<Map<String, @Nullable Object>> items = reports.query(query).stream()
                .map(row -> item(row, query.groupBy()))
                .toList();
        return Answer.json(200, JsonWriter.object("items", items, "total", items.size()));
    }

    private Answer download(Call call) {
        UsageQuery query = query(call);
        List<String> columns = new ArrayList<>();
        query.groupBy().forEach(d -> columns.add(d.key()));
        columns.addAll(MEASURES);
        Stream<String> lines = reports.query(query).stream()
                .map(row -> line(item(row, query.groupBy()).values()));
        return new Answer.Streamed(
                200,
                Map.of(
                        "content-type",
                        "text/csv; charset=utf-8",
                        "content-disposition",
                        "attachment; filename=\"usage.csv\""),
                Stream.concat(Stream.of(line(columns)), lines));
    }

    private UsageQuery query(Call call) {
        Instant to = call.instant("to").orElseGet(clock::instant);
        Instant from = call.instant("from")
                .orElseGet(() -> to.atOffset(ZoneOffset.UTC).minusMonths(1).toInstant());
        if (!from.isBefore(to)) throw Refusal.invalid("from", "from " + from + " is not before to " + to);
        LinkedHashSet<Dimension> groups = new LinkedHashSet<>();
        for (String key : call.list("groupBy")) groups.add(dimension(key));
        Map<Dimension, String> filters = new EnumMap<>(Dimension.class);
        for (Dimension dimension : Dimension.values())
            call.parameter(dimension.key()).ifPresent(value -> filters.put(dimension, value));
        return new UsageQuery(from, to, List.copyOf(groups), filters);
    }

    /** The contract has let only known keys through. */
    private static Dimension dimension(String key) {
        return Arrays.stream(Dimension.values())
                .filter(d -> d.key().equals(key))
                .findFirst()
                .orElseThrow(() -> Refusal.invalid("groupBy", "unknown dimension \"" + key + "\""));
    }

    private static Map<String, @Nullable Object> item(UsageRow row, List<Dimension> groupBy) {
        Map<String, @Nullable Object> item = JsonWriter.object();
        for (Dimension dimension : groupBy)
            item.put(dimension.key(), row.groups().getOrDefault(dimension, ""));
        item.put("calls", row.calls());
        item.put("failedCalls", row.failedCalls());
        item.put("inputTokens", row.inputTokens());
        item.put("cachedInputTokens", row.cachedInputTokens());
        item.put("cacheWrittenTokens", row.cacheWrittenTokens());
        item.put("outputTokens", row.outputTokens());
        item.put("reasoningTokens", row.reasoningTokens());
        item.put("totalTokens", row.totalTokens());
        item.put("images", row.images());
        item.put("audioSeconds", seconds(row.audioMillis()));
        item.put("characters", row.characters());
        item.put("videoSeconds", seconds(row.videoMillis()));
        item.put("costMicros", row.costMicros());
        return item;
    }

    /** Without the zeros at the end, as a person would write it. */
    private static BigDecimal seconds(long millis) {
        BigDecimal seconds = BigDecimal.valueOf(millis, 3).stripTrailingZeros();
        return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
    }

    private static String line(Iterable<? extends @Nullable Object> values) {
        StringBuilder line = new StringBuilder();
        for (Object value : values) line.append(line.isEmpty() ? "" : ",").append(cell(value));
        return line.append("\r\n").toString();
    }

    private static String cell(@Nullable Object value) {
        if (!(value instanceof String text)) return String.valueOf(value);
        // A spreadsheet would run a text that looks like a formula.
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }
}
