package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the tree of a document with one pass of the scanner. */
final class JsonTree {
    static final Json NULL = new Json.Null();
    static final Json TRUE = new Json.Bool(true);
    static final Json FALSE = new Json.Bool(false);

    private static final int LONGEST_INTEGER = 40;

    private final byte[] json;
    private final JsonScanner scanner = new JsonScanner();

    private JsonTree(byte[] json, int from, int to) {
        this.json = json;
        scanner.reset(json, from, to);
    }

    static @Nullable Json parse(byte[] json, int from, int to) {
        JsonTree tree = new JsonTree(json, from, to);
        Json value = tree.value();
        return tree.scanner.finish() ? value : null;
    }

    static long integer(String spelling, long otherwise) {
        if (spelling.isEmpty() || spelling.length() > LONGEST_INTEGER) return otherwise;
        try {
            return Long.parseLong(spelling);
        } catch (NumberFormatException _) {
            return fraction(spelling, otherwise);
        }
    }

    private static long fraction(String spelling, long otherwise) {
        try {
            BigDecimal value = new BigDecimal(spelling);
            // Beyond this a conversion would build a number with as many digits as the exponent says.
            return value.precision() - value.scale() > 19 ? otherwise : value.longValue();
        } catch (NumberFormatException _) {
            return otherwise;
        }
    }

    private Json value() {
        return switch (scanner.type()) {
            case OBJECT -> object();
            case ARRAY -> array();
            case STRING -> new Json.Str(taken());
            case NUMBER -> {
                scanner.skip();
                yield new Json.Num(
                        new String(json, scanner.valueFrom(), scanner.valueTo() - scanner.valueFrom(), UTF_8));
            }
            case TRUE -> TRUE;
            case FALSE -> FALSE;
            case NULL, INVALID -> NULL;
        };
    }

    private Json object() {
        Map<String, Json> members = new LinkedHashMap<>();
        scanner.enter();
        while (scanner.nextMember()) {
            String name = scanner.name();
            members.put(name, value());
        }
        return new Json.Obj(Collections.unmodifiableMap(members));
    }

    private Json array() {
        List<Json> elements = new ArrayList<>();
        scanner.enter();
        while (scanner.nextElement()) elements.add(value());
        return new Json.Arr(Collections.unmodifiableList(elements));
    }

    private String taken() {
        String text = scanner.takeString();
        return text == null ? "" : text;
    }
}
