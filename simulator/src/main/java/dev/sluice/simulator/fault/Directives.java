package dev.sluice.simulator.fault;

import dev.sluice.simulator.fault.Dress.Emptiness;
import dev.sluice.simulator.fault.Dress.LineEnd;
import dev.sluice.simulator.fault.Stop.Before;
import dev.sluice.simulator.fault.Stop.Ending;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Header;
import dev.sluice.simulator.voice.Quirk;
import dev.sluice.simulator.voice.UsageReport;
import dev.sluice.simulator.voice.Wishes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Directives as they are written: {@code name} or {@code name=value}, separated by {@code ;}. Values may be percent-encoded. A later directive
 * replaces an earlier one of the same name, except {@code header}; {@code plain} forgets everything before it.
 */
final class Directives {
    private static final TreeSet<String> NAMES = new TreeSet<>(List.of(
            "body",
            "bom",
            "cache-written",
            "cached",
            "close",
            "code",
            "comments",
            "content-type",
            "corrupt",
            "cut",
            "drip",
            "drip-delay",
            "empty",
            "end",
            "error",
            "finish",
            "hang",
            "header",
            "huge",
            "jitter",
            "keep-alive-delay",
            "latency",
            "line-end",
            "malformed",
            "message",
            "no-done",
            "param",
            "quirk",
            "reasoning",
            "reset",
            "retry-after",
            "seed",
            "silence",
            "status",
            "text",
            "tokens",
            "tool-calls",
            "tps",
            "ttft",
            "type",
            "usage",
            "whitespace"));

    /** Directives whose value travels in a header. */
    private static final Set<String> LINES = Set.of("retry-after", "content-type");

    private static final int MOST_BYTES = 64 << 20;

    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<Header> headers = new ArrayList<>();
    private final EnumSet<Quirk> quirks = EnumSet.noneOf(Quirk.class);

    private Directives() {}

    static Set<String> names() {
        return Set.copyOf(NAMES);
    }

    static Directives parse(String text) {
        Directives directives = new Directives();
        for (String part : text.split(";")) {
            if (!part.isBlank()) {
                directives.add(part.strip());
            }
        }
        return directives;
    }

    private void add(String directive) {
        int equals = directive.indexOf('=');
        String name = (equals < 0 ? directive : directive.substring(0, equals)).strip();
        String value = equals < 0 ? "" : decode(directive.substring(equals + 1).strip());
        if (name.equals("plain")) {
            values.clear();
            headers.clear();
            quirks.clear();
        } else if (!NAMES.contains(name)) {
            throw new FaultSyntaxException(
                    "unknown directive \"" + name + "\" (expected: plain or one of " + NAMES + ")");
        } else if (name.equals("header")) {
            int colon = value.indexOf(':');
            if (colon < 1 || value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
                throw wrong(name, value, "header=Name:value on one line");
            }
            headers.add(new Header(
                    value.substring(0, colon).strip(),
                    value.substring(colon + 1).strip()));
        } else if (name.equals("quirk")) {
            quirk(value);
        } else {
            if (LINES.contains(name) && (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0)) {
                throw wrong(name, value, "one line");
            }
            values.put(name, value);
        }
    }

    private void quirk(String value) {
        Quirk shape = VendorQuirks.SHAPES.get(value);
        Map<String, String> error = VendorQuirks.ERRORS.get(value);
        if (shape != null) {
            quirks.add(shape);
        } else if (error != null) {
            error.forEach((name, meant) -> {
                // Where an error comes may be said before.
                if (!name.equals("error") || !values.containsKey(name)) {
                    values.put(name, meant);
                }
            });
        } else {
            throw wrong("quirk", value, "one of " + VendorQuirks.names());
        }
    }

    private static String decode(String value) {
        try {
            // A plus sign stands for itself, unlike in a form.
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new FaultSyntaxException(
                    "value: " + value + " (expected: percent-encoded text, a percent sign as %25)");
        }
    }

    Fault fault() {
        return new Fault(wishes(), pace(), refusal(), allHeaders(), stop(), dress());
    }

    private Wishes wishes() {
        return new Wishes(
                values.get("text"),
                number("tokens", -1, 0, 1_000_000),
                number("tool-calls", -1, 0, 1_000),
                number("cached", 0, 0, Integer.MAX_VALUE),
                number("cache-written", 0, 0, Integer.MAX_VALUE),
                number("reasoning", 0, 0, Integer.MAX_VALUE),
                number("huge", 0, 0, MOST_BYTES),
                choice(
                        "usage",
                        UsageReport.AS_ASKED,
                        Map.of("none", UsageReport.NEVER, "every", UsageReport.EVERY_EVENT)),
                finish(),
                quirks);
    }

    private @Nullable Finish finish() {
        return values.containsKey("finish")
                ? choice(
                        "finish",
                        Finish.STOP,
                        Map.of(
                                "stop", Finish.STOP,
                                "length", Finish.LENGTH,
                                "tool_calls", Finish.TOOL_CALLS,
                                "content_filter", Finish.CONTENT_FILTER))
                : null;
    }

    private Pace pace() {
        return new Pace(
                millis("latency", 0),
                millis("ttft", 0),
                decimal("tps", 0, 0, 1e9),
                millis("jitter", 0),
                number("seed", 0, 0, Integer.MAX_VALUE));
    }

    private @Nullable Refusal refusal() {
        if (!values.containsKey("status")) {
            if (values.containsKey("body") && !values.containsKey("error")) {
                return new Refusal(Complaint.of(200), values.get("body"), values.get("content-type"));
            }
            return null;
        }
        return new Refusal(complaint(number("status", 500, 200, 599)), values.get("body"), values.get("content-type"));
    }

    private Complaint complaint(int status) {
        return new Complaint(
                status, values.get("message"), values.get("type"), values.get("code"), values.get("param"));
    }

    private List<Header> allHeaders() {
        List<Header> all = new ArrayList<>(headers);
        String retryAfter = values.get("retry-after");
        if (retryAfter != null) {
            all.add(new Header("retry-after", retryAfter));
        }
        return all;
    }

    private Stop stop() {
        Before before = values.containsKey("reset")
                ? Before.RESET
                : values.containsKey("close") ? Before.CLOSE : values.containsKey("hang") ? Before.HANG : Before.ANSWER;
        int errorAfter = position("error", 0);
        return new Stop(
                before,
                values.containsKey("cut") ? decimal("cut", 0, 0, Integer.MAX_VALUE) : Stop.NEVER,
                choice(
                        "end",
                        errorAfter == Stop.NEVER ? Ending.CLOSE : Ending.CLEAN,
                        Map.of("clean", Ending.CLEAN, "close", Ending.CLOSE, "reset", Ending.RESET)),
                position("silence", Stop.AFTER_OPENING),
                errorAfter,
                errorAfter == Stop.NEVER ? null : complaint(500),
                errorAfter == Stop.NEVER ? null : values.get("body"));
    }

    /** A number of events: {@code bare} when the directive has no value, {@link Stop#NEVER} when it is absent. */
    private int position(String name, int bare) {
        String value = values.get(name);
        return value == null ? Stop.NEVER : value.isEmpty() ? bare : number(name, 0, 0, Integer.MAX_VALUE);
    }

    private Dress dress() {
        return new Dress(
                event("malformed"),
                event("corrupt"),
                emptiness(),
                number("comments", 0, 0, 100_000),
                millis("keep-alive-delay", 0),
                number("whitespace", 0, 0, MOST_BYTES),
                values.containsKey("bom"),
                choice("line-end", LineEnd.LF, Map.of("lf", LineEnd.LF, "crlf", LineEnd.CRLF, "cr", LineEnd.CR)),
                number("drip", 0, 1, MOST_BYTES),
                millis("drip-delay", values.containsKey("drip") ? 1 : 0));
    }

    private int event(String name) {
        String value = values.get(name);
        return value == null
                ? Dress.NO_EVENT
                : value.isEmpty() ? Dress.FIRST_CONTENT : number(name, 1, 1, Integer.MAX_VALUE);
    }

    private Emptiness emptiness() {
        if (values.containsKey("empty")) {
            return choice(
                    "empty",
                    Emptiness.EVERYTHING,
                    Map.of("", Emptiness.EVERYTHING, "done", Emptiness.ALL_BUT_TERMINATOR));
        }
        return values.containsKey("no-done") ? Emptiness.TERMINATOR : Emptiness.NOTHING_MISSING;
    }

    private int number(String name, int absent, int least, int most) {
        String value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (value.matches("\\d{1,10}") && Long.parseLong(value) >= least && Long.parseLong(value) <= most) {
            return Integer.parseInt(value);
        }
        throw wrong(name, value, "a whole number from " + least + " to " + most);
    }

    private double decimal(String name, double absent, double least, double most) {
        String value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (value.matches("\\d{1,10}(\\.\\d{1,9})?")) {
            double number = Double.parseDouble(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw wrong(name, value, "a number from " + (long) least + " to " + (long) most + " such as 3 or 3.5");
    }

    private long millis(String name, long absent) {
        String value = values.get(name);
        if (value == null) {
            return absent;
        }
        if (value.matches("\\d{1,8}(ms)?")) {
            return Long.parseLong(value.replace("ms", ""));
        }
        if (value.matches("\\d{1,5}s")) {
            return Long.parseLong(value.replace("s", "")) * 1_000;
        }
        throw wrong(name, value, "a duration such as 250, 250ms or 2s");
    }

    private <T> T choice(String name, T absent, Map<String, T> choices) {
        String value = values.get(name);
        if (value == null) {
            return absent;
        }
        T chosen = choices.get(value);
        if (chosen == null) {
            throw wrong(name, value, "one of " + new TreeSet<>(choices.keySet()));
        }
        return chosen;
    }

    private static FaultSyntaxException wrong(String name, String value, String expected) {
        return new FaultSyntaxException("directive " + name + ": \"" + value + "\" (expected: " + expected + ")");
    }
}
