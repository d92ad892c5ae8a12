package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a request body and complains about wrong ones as OpenAI does. */
final class Body {
    private final JsonObject json;

    private Body(JsonObject json) {
        this.json = json;
    }

    static Body of(Heard heard) throws Rejection {
        JsonObject json = heard.json();
        if (!heard.method().equals("POST")) {
            throw new Rejection(new Complaint(
                    405,
                    "Not allowed to " + heard.method() + " on " + heard.path() + ". (HINT: use POST)",
                    null,
                    "method_not_supported",
                    null));
        }
        if (json == null) {
            throw new Rejection(Complaint.invalid(
                    null, "We could not parse the JSON body of your request. The body has to be one JSON object."));
        }
        if (heard.model().isEmpty()) {
            throw new Rejection(Complaint.invalid("model", "you must provide a model parameter"));
        }
        return new Body(json);
    }

    Set<String> names() {
        return json.fieldNames();
    }

    @Nullable
    Object value(String name) {
        return json.getValue(name);
    }

    boolean flag(String name, boolean absent) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> absent;
            case Boolean flag -> flag;
            case Object _ -> throw wrongType(name, "a boolean");
        };
    }

    /** A whole number; {@code absent} when it is missing or null. */
    int number(String name, int absent, int least, int most) throws Rejection {
        Object value = json.getValue(name);
        if (value == null) {
            return absent;
        }
        if (!(value instanceof Integer || value instanceof Long)) {
            throw wrongType(name, "an integer");
        }
        long number = ((Number) value).longValue();
        if (number < least || number > most) {
            throw new Rejection(Complaint.invalid(
                    name,
                    "Invalid '" + name + "': " + number + " is out of range. Expected a value from " + least + " to "
                            + most + "."));
        }
        return (int) number;
    }

    @Nullable
    String text(String name) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> null;
            case String text -> text;
            case Object _ -> throw wrongType(name, "a string");
        };
    }

    @Nullable
    JsonObject object(String name) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> null;
            case JsonObject object -> object;
            case Object _ -> throw wrongType(name, "an object");
        };
    }

    JsonArray array(String name) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> new JsonArray();
            case JsonArray array -> array;
            case Object _ -> throw wrongType(name, "an array");
        };
    }

    List<JsonObject> objects(String name) throws Rejection {
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : array(name)) {
            if (!(item instanceof JsonObject object)) {
                throw wrongType(name + "[" + objects.size() + "]", "an object");
            }
            objects.add(object);
        }
        return objects;
    }

    List<String> stops() throws Rejection {
        return switch (json.getValue("stop")) {
            case null -> List.of();
            case String stop -> List.of(stop);
            case JsonArray array -> {
                if (array.size() > 4) {
                    throw new Rejection(Complaint.invalid(
                            "stop",
                            "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length "
                                    + array.size() + " instead."));
                }
                List<String> stops = new ArrayList<>();
                for (Object stop : array) {
                    if (!(stop instanceof String text)) {
                        throw wrongType("stop[" + stops.size() + "]", "a string");
                    }
                    stops.add(text);
                }
                yield stops;
            }
            case Object _ -> throw wrongType("stop", "a string or an array of strings");
        };
    }

    /** Whether a stream shall tell its usage; stream options without a stream are refused. */
    boolean includesUsage(boolean stream) throws Rejection {
        JsonObject options = object("stream_options");
        if (options == null) {
            return false;
        }
        if (!stream) {
            throw new Rejection(Complaint.invalid(
                    "stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled."));
        }
        return Boolean.TRUE.equals(options.getValue("include_usage"));
    }

    static Rejection wrongType(String name, String expected) {
        return new Rejection(Complaint.invalid(name, "Invalid type for '" + name + "': expected " + expected + "."));
    }
}
