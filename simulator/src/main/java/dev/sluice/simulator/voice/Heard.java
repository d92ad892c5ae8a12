package dev.sluice.simulator.voice;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A request as a voice hears it.
 *
 * @param path the path without the query
 * @param json the body; null when it is not a JSON object
 * @param model the model to answer as
 * @param seed a hash of path and body, from which ids and times are derived
 */
public record Heard(String method, String path, @Nullable JsonObject json, String model, long seed) {

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
        try {
            return Json.decodeValue(Buffer.buffer(body)) instanceof JsonObject object ? object : null;
        } catch (DecodeException _) {
            return null;
        }
    }
}
