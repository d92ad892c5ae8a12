package dev.sluice.simulator.voice;

import dev.sluice.protocol.multipart.MultipartReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as a voice hears it.
 *
 * @param path the path without the query
 * @param cues the headers and query parameters that the voice asked for with {@link Voice#cues}, by those names
 * @param body the body as UTF-8
 * @param json the body; of a form its short fields, and its length as {@code form_bytes}; null when it is neither a JSON object nor
 *     a form
 * @param model the model to answer as
 * @param seed a hash of path and body, from which ids and times are derived
 */
public record Heard(
        String method,
        String path,
        Map<String, String> cues,
        String body,
        @Nullable JsonObject json,
        String model,
        long seed) {
    public Heard {
        cues = Map.copyOf(cues);
    }

    private static final Set<String> FORM_FIELDS =
            Set.of("model", "stream", "purpose", "response_format", "prompt", "n", "seconds");

    public static Heard of(String method, String path, byte[] body) {
        return of(method, path, Map.of(), body);
    }

    public static Heard of(String method, String path, Map<String, String> cues, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return new Heard(method, path, cues, text, parse(body), "", Seed.of(path, body));
    }

    public Heard as(String newModel) {
        return new Heard(method, path, cues, body, json, newModel, seed);
    }

    /** What the request says under the name of a cue; empty when it says nothing. */
    public String cue(String name) {
        return cues.getOrDefault(name, "");
    }

    /** A text that is a member of the body; empty when there is none. */
    public String member(String name) {
        return json != null && json.getValue(name) instanceof String text ? text : "";
    }

    /** A path without its percent-encoding; as it is when that is broken. */
    public static String decoded(String path) {
        try {
            // A plus sign stands for itself, unlike in a form.
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return path;
        }
    }

    /** A text of 24 hexadecimal digits derived from the request, different for each purpose. */
    public String id(String purpose) {
        long first = Seed.mix(seed ^ purpose.hashCode());
        long second = Seed.mix(first + 1);
        return hex(first) + hex(second).substring(0, 8);
    }

    /** An id in the form of a UUID, derived from the request, different for each purpose. */
    public String uuid(String purpose) {
        String digits = id(purpose) + hex(Seed.mix(seed + purpose.length()));
        return digits.substring(0, 8) + "-" + digits.substring(8, 12) + "-" + digits.substring(12, 16) + "-"
                + digits.substring(16, 20) + "-" + digits.substring(20, 32);
    }

    /** The second of creation: derived from the request so that equal requests give equal answers. */
    public long createdAt() {
        return 1_700_000_000L + Math.floorMod(Seed.mix(seed), 100_000_000L);
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    private static @Nullable JsonObject parse(byte[] body) {
        if (body.length == 0) {
            return null;
        }
        if (body[0] == '-') {
            return form(body);
        }
        try {
            return Json.decodeValue(Buffer.buffer(body)) instanceof JsonObject object ? object : null;
        } catch (DecodeException _) {
            return null;
        }
    }

    /** Its first line says what separates the parts. */
    private static @Nullable JsonObject form(byte[] body) {
        int end = 0;
        while (end < body.length && body[end] != '\r') {
            end++;
        }
        String boundary = new String(body, 0, end, StandardCharsets.ISO_8859_1);
        MultipartReader reader = boundary.length() < 3
                ? null
                : MultipartReader.of("multipart/form-data; boundary=\"" + boundary.substring(2) + '"', FORM_FIELDS);
        if (reader == null) {
            return null;
        }
        reader.feed(body, 0, body.length);
        JsonObject fields = new JsonObject().put("form_bytes", body.length);
        for (String name : FORM_FIELDS) {
            String value = reader.value(name);
            if (value != null) {
                fields.put(name, value);
            }
        }
        return fields;
    }
}
