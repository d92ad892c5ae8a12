package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as a tree that keeps the order of members and the spelling of numbers, so that what is only carried from one
 * document into another arrives as it was written. Immutable.
 *
 * <p>Reading is lenient: {@link #get} and {@link #items} of a value of another kind find nothing, so that a path into a
 * document needs no checks on the way.
 */
public sealed interface Json {
    /** Members in the order of the document; of a name given twice the last value counts. */
    record Obj(Map<String, Json> members) implements Json {}

    record Arr(List<Json> elements) implements Json {}

    record Str(String value) implements Json {}

    /** @param spelling the number as it was written, e.g. {@code 1e400} */
    record Num(String spelling) implements Json {}

    record Bool(boolean value) implements Json {}

    record Null() implements Json {}

    /** The one value that a document holds; null if it is not JSON. */
    static @Nullable Json parse(byte[] json, int from, int to) {
        return JsonTree.parse(json, JsonScanner.afterMark(json, from, to), to);
    }

    static @Nullable Json parse(byte[] json) {
        return parse(json, 0, json.length);
    }

    static @Nullable Json parse(String json) {
        return parse(json.getBytes(UTF_8));
    }

    /** The value null, which also stands for a member that is not there. */
    static Json none() {
        return JsonTree.NULL;
    }

    static Json of(@Nullable String text) {
        return text == null ? none() : new Str(text);
    }

    static Json of(long number) {
        return new Num(Long.toString(number));
    }

    static Json of(boolean flag) {
        return flag ? JsonTree.TRUE : JsonTree.FALSE;
    }

    static Json array(List<? extends Json> elements) {
        return new Arr(List.copyOf(elements));
    }

    static Json texts(List<String> elements) {
        return new Arr(elements.stream().map(Json::of).toList());
    }

    static Builder object() {
        return new Builder();
    }

    /** The member of this name; {@link #none} if there is no such member. */
    default Json get(String name) {
        return this instanceof Obj(var members) ? members.getOrDefault(name, none()) : none();
    }

    /** The first of these members that is there and not null; field names that are spelled in several ways. */
    default Json any(String... names) {
        for (String name : names) {
            Json found = get(name);
            if (found.isPresent()) return found;
        }
        return none();
    }

    default boolean has(String name) {
        return this instanceof Obj(var members) && members.containsKey(name);
    }

    /** The elements of an array; empty for anything else. */
    default List<Json> items() {
        return this instanceof Arr(var elements) ? elements : List.of();
    }

    /** The members of an object; empty for anything else. */
    default Map<String, Json> fields() {
        return this instanceof Obj(var members) ? members : Map.of();
    }

    /** The value of a string; null for anything else. */
    default @Nullable String text() {
        return this instanceof Str(String value) ? value : null;
    }

    default String text(String otherwise) {
        return this instanceof Str(String value) ? value : otherwise;
    }

    /** The value of a number without its fraction, or of a string of digits; otherwise what is given. */
    default long integer(long otherwise) {
        String spelling = switch (this) {
            case Num(String number) -> number;
            case Str(String number) -> number;
            case Obj _, Arr _, Bool _, Null _ -> "";
        };
        return JsonTree.integer(spelling, otherwise);
    }

    /** The value of a number; otherwise what is given. */
    default double decimal(double otherwise) {
        return this instanceof Num(String spelling) ? Double.parseDouble(spelling) : otherwise;
    }

    default boolean isTrue() {
        return this instanceof Bool(boolean value) && value;
    }

    default boolean isFalse() {
        return this instanceof Bool(boolean value) && !value;
    }

    /** Whether there is a value at all: neither missing nor null. */
    default boolean isPresent() {
        return !(this instanceof Null);
    }

    default boolean isObject() {
        return this instanceof Obj;
    }

    default boolean isArray() {
        return this instanceof Arr;
    }

    default boolean isText() {
        return this instanceof Str;
    }

    default boolean isNumber() {
        return this instanceof Num;
    }

    /** As a document without white space. */
    default byte[] toBytes() {
        JsonWriter out = new JsonWriter();
        writeTo(out);
        return out.toBytes();
    }

    /** As a document without white space, in a string. */
    default String toJson() {
        return new String(toBytes(), UTF_8);
    }

    default void writeTo(JsonWriter out) {
        switch (this) {
            case Obj(var members) -> {
                String separator = "{";
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    out.raw(separator).string(member.getKey()).raw(":");
                    member.getValue().writeTo(out);
                    separator = ",";
                }
                out.raw(members.isEmpty() ? "{}" : "}");
            }
            case Arr(var elements) -> {
                String separator = "[";
                for (Json element : elements) {
                    out.raw(separator);
                    element.writeTo(out);
                    separator = ",";
                }
                out.raw(elements.isEmpty() ? "[]" : "]");
            }
            case Str(String value) -> out.string(value);
            case Num(String spelling) -> out.raw(spelling);
            case Bool(boolean value) -> out.raw(value ? "true" : "false");
            case Null _ -> out.raw("null");
        }
    }

    /** Collects the members of an object, in order. A null value leaves the member out. */
    final class Builder {
        private final Map<String, Json> members = new LinkedHashMap<>();

        private Builder() {}

        public Builder put(String name, @Nullable Json value) {
            if (value != null) members.put(name, value);
            return this;
        }

        public Builder put(String name, @Nullable String value) {
            return put(name, value == null ? null : new Str(value));
        }

        public Builder put(String name, long value) {
            return put(name, Json.of(value));
        }

        public Builder put(String name, boolean value) {
            return put(name, Json.of(value));
        }

        /** A list of objects or values; left out if it is empty. */
        public Builder putUnlessEmpty(String name, List<? extends Json> elements) {
            return elements.isEmpty() ? this : put(name, array(elements));
        }

        /** All members of an object, over those of the same name. */
        public Builder putAll(Json object) {
            members.putAll(object.fields());
            return this;
        }

        public boolean isEmpty() {
            return members.isEmpty();
        }

        public Obj build() {
            return new Obj(Collections.unmodifiableMap(new LinkedHashMap<>(members)));
        }
    }

    /** This object with one member set or, with a null value, removed. */
    default Json with(String name, @Nullable Json value) {
        Map<String, Json> changed = new LinkedHashMap<>(fields());
        if (value == null) changed.remove(name);
        else changed.put(name, value);
        return new Obj(Collections.unmodifiableMap(changed));
    }

    /** This array with one more element. */
    default Json plus(Json element) {
        List<Json> longer = new ArrayList<>(items());
        longer.add(element);
        return array(longer);
    }
}
