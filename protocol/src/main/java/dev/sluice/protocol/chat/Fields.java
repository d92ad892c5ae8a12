package dev.sluice.protocol.chat;

import dev.sluice.protocol.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads single members of request bodies. A member that is missing or null says nothing; one of the wrong kind is refused. */
public final class Fields {
    private static final int LONGEST_NUMBER = 64;

    private Fields() {}

    /** The object that a request body must be. */
    public static Json body(byte[] json) {
        Json body = Json.parse(json);
        if (body == null) throw new InexpressibleException("the request body is not valid JSON", null);
        if (!body.isObject()) throw new InexpressibleException("the request body must be a JSON object", null);
        return body;
    }

    /** Reads one part of a message. */
    @FunctionalInterface
    public interface PartReader {
        /**
         * Null for a part that says nothing.
         *
         * @param path where it is, for messages
         */
        @Nullable
        Part read(Json part, String path);
    }

    /** The content of a message, a text or a list of parts. */
    public static List<Part> parts(Json content, String path, PartReader reader) {
        String text = content.text();
        if (text != null) return text.isEmpty() ? List.of() : List.of(new Part.Text(text));
        if (content.isPresent() && !content.isArray()) throw wrong(path, "a string or a list of parts");
        List<Part> parts = new ArrayList<>();
        List<Json> given = content.items();
        for (int i = 0; i < given.size(); i++) {
            Part part = reader.read(given.get(i), path + "[" + i + "]");
            if (part != null) parts.add(part);
        }
        return parts;
    }

    public static @Nullable BigDecimal decimal(Json object, String name) {
        Json value = object.get(name);
        if (!value.isPresent()) return null;
        if (value instanceof Json.Num(String spelling) && spelling.length() <= LONGEST_NUMBER) {
            try {
                return new BigDecimal(spelling);
            } catch (NumberFormatException _) {
                // An exponent beyond what a number can have.
            }
        }
        throw wrong(name, "a number");
    }

    public static @Nullable Long integer(Json object, String name) {
        Json value = object.get(name);
        if (!value.isPresent()) return null;
        if (!value.isNumber()) throw wrong(name, "a whole number");
        return value.integer(0);
    }

    /** A number of tokens; not negative. */
    public static @Nullable Long tokens(Json object, String name) {
        Long value = integer(object, name);
        if (value != null && value < 0) throw wrong(name, "a number of tokens");
        return value;
    }

    public static @Nullable Boolean flag(Json object, String name) {
        Json value = object.get(name);
        if (!value.isPresent()) return null;
        if (value instanceof Json.Bool(boolean flag)) return flag;
        throw wrong(name, "true or false");
    }

    public static @Nullable String text(Json object, String name) {
        Json value = object.get(name);
        if (!value.isPresent()) return null;
        if (value instanceof Json.Str(String text)) return text;
        throw wrong(name, "a string");
    }

    /** A list of strings, or one string that stands for itself. */
    public static List<String> texts(Json object, String name) {
        Json value = object.get(name);
        if (value instanceof Json.Str(String text)) return List.of(text);
        List<String> texts = new ArrayList<>();
        for (Json item : value.items()) {
            if (!(item instanceof Json.Str(String text))) throw wrong(name, "a string or a list of strings");
            texts.add(text);
        }
        if (value.isPresent() && !value.isArray()) throw wrong(name, "a string or a list of strings");
        return texts;
    }

    public static List<Json> list(Json object, String name) {
        Json value = object.get(name);
        if (value.isPresent() && !value.isArray()) throw wrong(name, "a list");
        return value.items();
    }

    /** Refuses members that are there and none of those that can be translated. */
    public static void only(Json object, Set<String> known) {
        object.fields().forEach((name, value) -> {
            if (value.isPresent() && !known.contains(name)) throw untranslatable(name);
        });
    }

    /** A number with the spelling of its value; null for none. */
    public static @Nullable Json number(@Nullable BigDecimal value) {
        return value == null ? null : new Json.Num(value.toString());
    }

    public static @Nullable Json number(@Nullable Long value) {
        return value == null ? null : Json.of((long) value);
    }

    public static @Nullable Json flag(@Nullable Boolean value) {
        return value == null ? null : Json.of((boolean) value);
    }

    public static InexpressibleException wrong(String name, String expected) {
        return new InexpressibleException("\"" + name + "\" must be " + expected, name);
    }

    /** A member whose meaning only the client's own protocol has. */
    public static InexpressibleException untranslatable(String name) {
        return new InexpressibleException(
                "\"" + name + "\" cannot be translated for a provider of another protocol; leave it out, "
                        + "or call a model of a provider that speaks your protocol",
                name);
    }
}
