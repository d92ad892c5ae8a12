package dev.sluice.simulator.voice;

import dev.sluice.protocol.multipart.MultipartReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as a voice hears it.
 *
 * @param path the path without the query
 * @param json the body; of a form its short fields, and its length as {@code form_bytes}; null when it is neither a JSON object nor
 *     a form
 * @param model the model to answer as
 * @param seed a hash of path and body, from which ids and times are derived
 */
public record Heard(String method, String path, @Nullable JsonObject json, String model, long seed) {

    private static final Set<String> FORM_FIELDS = Set.of("model", "stream", "purpose", "response_format", "prompt");

    public static Heard of(String method, String path, byte[] body) {
        return new Heard(method, path, parse(body), "", Seed.of(path, body));
    }

    public Heard as(String newModel) {
        return new Heard(method, path, json, newModel, seed);
    }

    /** A text of 24 hexadecimal digits derived from the request, different for each purpose. */
    public String id(String purpose) {
        long first = Seed.mix(seed ^ purpose.hashCode());
        long second = Seed.mix(first + 1);
        return hex(first) + hex(second).substring(0, 8);
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
