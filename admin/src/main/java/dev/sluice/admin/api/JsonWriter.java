package dev.sluice.admin.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.settings.binding.Tree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, texts, numbers, booleans, instants, documents and null as JSON. */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonWriter() {}

    public static byte[] bytes(@Nullable Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON could not be written to memory", e);
        }
        return out.toByteArray();
    }

    /** A map in the order given, which may hold nulls. */
    public static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        return map;
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> e : map.entrySet()) {
                    json.writeFieldName(String.valueOf(e.getKey()));
                    write(json, e.getValue());
                }
                json.writeEndObject();
            }
            case Iterable<?> items -> {
                json.writeStartArray();
                for (Object item : items) write(json, item);
                json.writeEndArray();
            }
            case Tree.Mapping mapping -> {
                json.writeStartObject();
                for (Map.Entry<String, Tree.Entry> e : mapping.entries().entrySet()) {
                    json.writeFieldName(e.getKey());
                    write(json, e.getValue().value());
                }
                json.writeEndObject();
            }
            case Tree.Listing listing -> write(json, listing.items());
            case Tree.Scalar scalar -> {
                switch (scalar.type()) {
                    case TEXT -> json.writeString(scalar.text());
                    case NUMBER -> json.writeNumber(scalar.text());
                    case FLAG -> json.writeBoolean(Boolean.parseBoolean(scalar.text()));
                    case NULL -> json.writeNull();
                }
            }
            case CharSequence text -> json.writeString(text.toString());
            case Boolean flag -> json.writeBoolean(flag);
            case BigDecimal number -> json.writeNumber(number.toPlainString());
            case Double number -> json.writeNumber(number);
            case Number number -> json.writeNumber(number.longValue());
            case Instant instant -> json.writeString(instant.toString());
            default ->
                throw new IllegalArgumentException(
                        "no JSON form for " + value.getClass().getName());
        }
    }
}
