package dev.sluice.protocol.embed;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An answer with vectors. All of it is a tree but the arrays of numbers, of which an answer may hold millions: they stay where they
 * are.
 */
public final class VectorDocument {
    private final byte[] bytes;
    private final JsonScanner scanner = new JsonScanner();
    /** Each array of numbers; in the tree stands an array with its place in this list. */
    private final List<Vector> arrays = new ArrayList<>();

    private boolean mixed;
    private Json root = Json.none();

    private VectorDocument(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Null if the bytes are not JSON, or hold an array of numbers and other things. */
    public static @Nullable VectorDocument parse(byte[] body, int from, int to) {
        VectorDocument document = new VectorDocument(body);
        document.scanner.reset(body, JsonScanner.afterMark(body, from, to), to);
        document.root = document.value();
        return document.scanner.finish() && !document.mixed ? document : null;
    }

    /**
     * Reads an answer.
     *
     * @param reader knows where the vectors are in a document of a format
     */
    public static WholeRead<EmbedAnswer> read(
            byte[] body, int from, int to, Function<VectorDocument, WholeRead<EmbedAnswer>> reader) {
        VectorDocument document = parse(body, from, to);
        return document == null
                ? new WholeRead.Malformed<>("the answer is not valid JSON, or a vector of it is none")
                : reader.apply(document);
    }

    /** An answer with the vectors at several places, in order; none if one of them is no vector. */
    public WholeRead<EmbedAnswer> answer(String id, List<Json> places, @Nullable Usage usage) {
        return answerOf(id, vectors(places), usage);
    }

    /** An answer with vectors; none if one is missing. */
    public static WholeRead<EmbedAnswer> answerOf(String id, @Nullable List<Vector> vectors, @Nullable Usage usage) {
        return vectors == null
                ? new WholeRead.Malformed<>("the answer lacks a vector")
                : new WholeRead.Read<>(new EmbedAnswer(id, "", vectors, usage));
    }

    /** The document; arrays of numbers are for {@link #vector} only. */
    public Json json() {
        return root;
    }

    /** The vector at a place of {@link #json}; null if there is none. */
    public @Nullable Vector vector(Json place) {
        if (place instanceof Json.Str(String base64)) return new Vector.Encoded(base64);
        if (place.items().size() != 1 || !place.items().getFirst().isNumber()) return null;
        return arrays.get((int) place.items().getFirst().integer(0));
    }

    /** Vectors at several places, in order; null if one of them is none. */
    public @Nullable List<Vector> vectors(List<Json> places) {
        List<Vector> vectors = new ArrayList<>(places.size());
        for (Json place : places) {
            Vector vector = vector(place);
            if (vector == null) return null;
            vectors.add(vector);
        }
        return vectors;
    }

    /**
     * The vectors of objects that may tell their place, in the order of places.
     *
     * @param place member with the place, counted from 0
     * @param member member with the vector
     * @return null if a vector is missing
     */
    public @Nullable List<Vector> vectors(List<Json> objects, String place, String member) {
        TreeMap<Long, Vector> byPlace = new TreeMap<>();
        for (Json object : objects) {
            Vector vector = vector(object.get(member));
            long at = object.get(place).integer(byPlace.size());
            if (vector == null || byPlace.put(at, vector) != null) return null;
        }
        boolean gaps = !byPlace.isEmpty() && (byPlace.firstKey() != 0 || byPlace.lastKey() != byPlace.size() - 1);
        return gaps ? null : List.copyOf(byPlace.values());
    }

    private Json value() {
        return switch (scanner.type()) {
            case OBJECT -> object();
            case ARRAY -> array();
            case STRING -> Json.of(scanner.takeString());
            case NUMBER -> {
                scanner.skip();
                yield number();
            }
            case TRUE -> Json.of(true);
            case FALSE -> Json.of(false);
            case NULL, INVALID -> Json.none();
        };
    }

    private Json number() {
        return new Json.Num(new String(
                bytes,
                scanner.valueFrom(),
                scanner.valueTo() - scanner.valueFrom(),
                java.nio.charset.StandardCharsets.US_ASCII));
    }

    private Json object() {
        Map<String, Json> members = new LinkedHashMap<>();
        scanner.enter();
        while (scanner.nextMember()) {
            String name = scanner.name();
            members.put(name, value());
        }
        return new Json.Obj(members);
    }

    private Json array() {
        int from = scanner.position();
        scanner.enter();
        if (!scanner.nextElement()) return Json.array(List.of());
        if (scanner.type() == JsonType.NUMBER) return numbers(from);
        List<Json> elements = new ArrayList<>();
        do {
            mixed |= scanner.type() == JsonType.NUMBER;
            elements.add(value());
        } while (scanner.nextElement());
        return Json.array(elements);
    }

    private Json numbers(int from) {
        int length = 0;
        do {
            mixed |= scanner.type() != JsonType.NUMBER;
            length++;
        } while (scanner.skip() && scanner.nextElement());
        arrays.add(new Vector.Numbers(bytes, from, scanner.position(), length));
        return Json.array(List.of(Json.of(arrays.size() - 1L)));
    }
}
