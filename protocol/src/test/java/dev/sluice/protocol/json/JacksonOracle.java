package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An independent parser, to hold the scanner and the rewriting against. */
public final class JacksonOracle {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JacksonOracle() {}

    public static boolean accepts(byte[] json) {
        return decode(json) instanceof String text && accepts(text);
    }

    private static @Nullable String decode(byte[] json) {
        try {
            CharBuffer text = UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(json));
            return text.toString();
        } catch (CharacterCodingException notUtf8) {
            return null;
        }
    }

    private static boolean accepts(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() == null) return false;
            read(parser);
            return parser.nextToken() == null;
        } catch (IOException invalid) {
            return false;
        }
    }

    /** The value as maps, lists, strings, big decimals, booleans and null. */
    public static @Nullable Object parse(byte[] json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            parser.nextToken();
            return read(parser);
        } catch (IOException invalid) {
            throw new UncheckedIOException(invalid);
        }
    }

    private static @Nullable Object read(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, read(parser));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) elements.add(read(parser));
                yield elements;
            }
            case VALUE_STRING -> parser.getText();
            // Digits are compared as spelled: an exponent may be beyond what a number type holds.
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Number(parser.getText());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new AssertionError(parser.currentToken());
        };
    }

    /** A number as it is spelled. */
    public record Number(String spelling) {
        public BigDecimal value() {
            return new BigDecimal(spelling);
        }
    }
}
