package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A text that a JSON Schema of type string accepts: the name of its property when nothing more is asked. */
final class SampleText {
    private SampleText() {}

    static String of(JsonObject schema, String name) {
        int least =
                schema.getValue("minLength") instanceof Number number ? Math.clamp(number.longValue(), 0, 100_000) : 0;
        int most = schema.getValue("maxLength") instanceof Number number
                ? Math.clamp(number.longValue(), 0, Integer.MAX_VALUE)
                : Integer.MAX_VALUE;
        if (schema.getValue("pattern") instanceof String pattern) {
            return matching(pattern, least, most, name);
        }
        if (schema.getValue("format") instanceof String format) {
            return formatted(format, name);
        }
        String text = name.length() > most ? name.substring(0, most) : name;
        return text.length() < least ? text + "x".repeat(least - text.length()) : text;
    }

    private static String matching(String pattern, int least, int most, String name) {
        try {
            Pattern compiled = Pattern.compile(pattern);
            if (compiled.matcher(name).find() && name.length() >= least && name.length() <= most) {
                return name;
            }
            // Repetitions are tried from the fewest on, as a longer text may be asked for.
            for (int extra = 0; extra <= Math.max(3, least); extra++) {
                String text = new PatternSample(pattern, extra).text();
                if (compiled.matcher(text).find() && text.length() >= least && text.length() <= most) {
                    return text;
                }
            }
        } catch (PatternSyntaxException _) {
            return name;
        }
        return name;
    }

    private static String formatted(String format, String name) {
        return switch (format) {
            case "date-time" -> "2026-01-31T12:30:00Z";
            case "date" -> "2026-01-31";
            case "time" -> "12:30:00Z";
            case "duration" -> "PT1H";
            case "email", "idn-email" -> "user@example.com";
            case "hostname", "idn-hostname" -> "example.com";
            case "ipv4" -> "192.0.2.1";
            case "ipv6" -> "2001:db8::1";
            case "uuid" -> "123e4567-e89b-42d3-a456-426614174000";
            case "uri", "iri", "url" -> "https://example.com/" + name.replaceAll("[^A-Za-z0-9_-]", "-");
            case "uri-reference", "iri-reference" -> "/" + name.replaceAll("[^A-Za-z0-9_-]", "-");
            case "json-pointer" -> "/a";
            case "regex" -> ".*";
            default -> name;
        };
    }
}
