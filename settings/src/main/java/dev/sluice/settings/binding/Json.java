package dev.sluice.settings.binding;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.sluice.settings.binding.Tree.Entry;
import dev.sluice.settings.binding.Tree.Listing;
import dev.sluice.settings.binding.Tree.Mapping;
import dev.sluice.settings.binding.Tree.Scalar;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON: one value, duplicate keys reported. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Limit.DEPTH)
                    .maxStringLength(Limit.CHARACTERS)
                    .maxNumberLength(400)
                    .build())
            .build();

    private Json() {}

    /**
     * Reads one value.
     *
     * @param file how messages name the text; may be empty
     * @return empty when the text is not JSON at all; problems then say why
     */
    public static Optional<Tree> read(String file, String text, Problems problems) {
        if (text.length() > Limit.CHARACTERS) {
            problems.add(
                    new Location(file, 0, 0),
                    "",
                    "document of " + text.length() + " characters (expected: at most " + Limit.CHARACTERS + ")");
            return Optional.empty();
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) {
                problems.add(new Location(file, 1, 1), "", "not valid JSON: empty");
                return Optional.empty();
            }
            Tree tree = value(file, parser, problems, Step.ROOT);
            if (parser.nextToken() != null) {
                problems.add(at(file, parser.currentTokenLocation()), "", "not valid JSON: more follows the value");
                return Optional.empty();
            }
            return Optional.of(tree);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            // The parser's own message quotes the text, which may be a secret.
            String why = e instanceof StreamConstraintsException
                    ? ": a limit is exceeded (" + e.getOriginalMessage() + ")"
                    : at == null ? "" : " from column " + at.getColumnNr() + " on";
            problems.add(at == null ? new Location(file, 0, 0) : at(file, at), "", "not valid JSON" + why);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a string", e);
        }
        return Optional.empty();
    }

    // Recursion is bounded: the parser refuses to nest deeper than its limit.
    private static Tree value(String file, JsonParser parser, Problems problems, Step step) throws IOException {
        Location at = at(file, parser.currentTokenLocation());
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Entry> entries = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    Location keyAt = at(file, parser.currentTokenLocation());
                    parser.nextToken();
                    Step below = step.key(key);
                    Entry first = entries.putIfAbsent(key, new Entry(keyAt, value(file, parser, problems, below)));
                    if (first != null)
                        problems.add(
                                keyAt,
                                below.path(),
                                "given twice (first at line " + first.at().line() + ")");
                }
                yield new Mapping(at, entries);
            }
            case START_ARRAY -> {
                List<Tree> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY)
                    items.add(value(file, parser, problems, step.item(items.size())));
                yield new Listing(at, items);
            }
            case VALUE_STRING -> new Scalar(at, Tree.Type.TEXT, parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Scalar(at, Tree.Type.NUMBER, parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> new Scalar(at, Tree.Type.FLAG, parser.getText());
            case VALUE_NULL, NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                new Scalar(at, Tree.Type.NULL, "null");
        };
    }

    private static Location at(String file, JsonLocation at) {
        return new Location(file, at.getLineNr(), at.getColumnNr());
    }

    /** Writes a value on one line. */
    public static String write(Tree tree) {
        StringWriter out = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(out)) {
            write(tree, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to a string", e);
        }
        return out.toString();
    }

    private static void write(Tree tree, JsonGenerator out) throws IOException {
        switch (tree) {
            case Mapping mapping -> {
                out.writeStartObject();
                for (Map.Entry<String, Entry> e : mapping.entries().entrySet()) {
                    out.writeFieldName(e.getKey());
                    write(e.getValue().value(), out);
                }
                out.writeEndObject();
            }
            case Listing listing -> {
                out.writeStartArray();
                for (Tree item : listing.items()) write(item, out);
                out.writeEndArray();
            }
            case Scalar scalar -> {
                switch (scalar.type()) {
                    case TEXT -> out.writeString(scalar.text());
                    case NUMBER -> out.writeNumber(scalar.text());
                    case FLAG -> out.writeBoolean(Boolean.parseBoolean(scalar.text()));
                    case NULL -> out.writeNull();
                }
            }
        }
    }
}
