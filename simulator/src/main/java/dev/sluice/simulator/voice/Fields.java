package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a JSON object and rejects those of a wrong type, whatever the wire format.
 *
 * @param where the way to the object, with a dot at the end; empty for the body itself
 */
public record Fields(JsonObject json, String where) {
    /** The body of a request. */
    public static Fields of(Heard heard) throws Rejection {
        if (!heard.method().equals("POST")) {
            throw new Rejection(new Complaint(
                    405, heard.method() + " is not allowed on " + heard.path() + ". Use POST.", null, null, null));
        }
        JsonObject json = heard.json();
        if (json == null) {
            throw new Rejection(Complaint.invalid(null, "The body of the request is not one JSON object."));
        }
        return new Fields(json, "");
    }

    public boolean has(String name) {
        return json.getValue(name) != null;
    }

    public @Nullable Object value(String name) {
        return json.getValue(name);
    }

    public @Nullable String text(String name) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> null;
            case String text -> text;
            case Object _ -> throw wrong(name, "a string");
        };
    }

    public String text(String name, String absent) throws Rejection {
        String text = text(name);
        return text == null ? absent : text;
    }

    public String needed(String name) throws Rejection {
        String text = text(name);
        if (text == null) {
            throw missing(name);
        }
        return text;
    }

    public boolean flag(String name, boolean absent) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> absent;
            case Boolean flag -> flag;
            case Object _ -> throw wrong(name, "a boolean");
        };
    }

    /** A whole number of at least one; {@code absent} when it is missing or null. */
    public int count(String name, int absent) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> absent;
            case Integer number when number > 0 -> number;
            case Object _ -> throw wrong(name, "a whole number, at least 1");
        };
    }

    /** An object; an empty one when it is missing. */
    public Fields object(String name) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> new Fields(new JsonObject(), where + name + ".");
            case JsonObject object -> new Fields(object, where + name + ".");
            case Object _ -> throw wrong(name, "an object");
        };
    }

    /** Objects of an array; none when it is missing. */
    public List<Fields> objects(String name) throws Rejection {
        List<Fields> objects = new ArrayList<>();
        for (Object item : array(name)) {
            String place = name + "." + objects.size();
            if (!(item instanceof JsonObject object)) {
                throw wrong(place, "an object");
            }
            objects.add(new Fields(object, where + place + "."));
        }
        return objects;
    }

    /** Texts of an array, or a text alone; none when it is missing. */
    public List<String> texts(String name) throws Rejection {
        if (json.getValue(name) instanceof String text) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        for (Object item : array(name)) {
            if (!(item instanceof String text)) {
                throw wrong(name + "." + texts.size(), "a string");
            }
            texts.add(text);
        }
        return texts;
    }

    private JsonArray array(String name) throws Rejection {
        return switch (json.getValue(name)) {
            case null -> new JsonArray();
            case JsonArray array -> array;
            case Object _ -> throw wrong(name, "an array");
        };
    }

    /** Rejects a list that is longer than the vendor takes it. */
    public void atMost(int most, int count, String name) throws Rejection {
        if (count > most) {
            throw wrong(name, "at most " + most + " of them, but there are " + count);
        }
    }

    public Rejection missing(String name) {
        return new Rejection(Complaint.invalid(where + name, where + name + ": Field required"));
    }

    public Rejection wrong(String name, String expected) {
        return new Rejection(Complaint.invalid(where + name, where + name + ": expected " + expected));
    }
}
