package dev.sluice.protocol.request;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a request body of a format that is described by where it keeps things. A member that the gateway reads and that is
 * given twice is refused: the upstream might believe the other one.
 */
public final class BodyPeek {
    private static final long MOST_TOKENS = 1L << 40;

    private final Shape shape;
    private final Asked asked;
    private final JsonScanner scanner;
    private final InputSample input;
    private final Set<String> seen = new HashSet<>();
    private @Nullable String model;
    private int modelFrom = -1;
    private int modelTo = -1;
    private boolean stream;
    private long maxTokens;
    private Peek.@Nullable Malformed malformed;

    /**
     * Where a format keeps what the gateway reads.
     *
     * @param model the member that names the model; null where the path does
     * @param stream the member that asks for a stream; null where path or headers do
     * @param maxTokens the member that limits the output; null where there is none
     * @param inside the object that holds the limit, e.g. {@code generationConfig}; null where it stands at the top
     * @param texts members that hold what the model reads, for estimates
     */
    public record Shape(
            @Nullable String model,
            @Nullable String stream,
            @Nullable String maxTokens,
            @Nullable String inside,
            Set<String> texts) {
        public Shape {
            texts = Set.copyOf(texts);
        }
    }

    private BodyPeek(byte[] body, Shape shape, Asked asked) {
        this.shape = shape;
        this.asked = asked;
        this.scanner = new JsonScanner().reset(body, 0, body.length);
        this.input = new InputSample(body);
        this.model = asked.model();
        this.stream = asked.stream();
    }

    public static Peek read(byte[] body, Shape shape, Asked asked) {
        return new BodyPeek(body, shape, asked).read();
    }

    /** As {@link #read}, of a format whose requests may name no model: the empty one. */
    public static Peek readWithoutModel(byte[] body, Shape shape, Asked asked) {
        Peek found = read(body, shape, asked);
        return found instanceof Peek.Malformed && !namesModel(body, shape.model())
                ? read(body, shape, new Asked("", asked.stream()))
                : found;
    }

    private static boolean namesModel(byte[] body, @Nullable String model) {
        JsonScanner scanner = new JsonScanner().reset(body, 0, body.length);
        if (!scanner.enter()) return false;
        while (scanner.nextMember()) {
            if (scanner.name().equals(model)) return true;
        }
        return false;
    }

    private Peek read() {
        JsonType type = scanner.type();
        if (type == JsonType.OBJECT) {
            scanner.enter();
            while (malformed == null && scanner.nextMember()) member(scanner.name());
        }
        if (malformed != null) return malformed;
        if (!scanner.finish())
            return new Peek.Malformed("the request body is not valid JSON (" + scanner.failure() + ")", null);
        if (type != JsonType.OBJECT) return new Peek.Malformed("the request body must be a JSON object", null);
        if (model == null) return new Peek.Malformed("\"" + name() + "\" is missing; name the model to call", name());
        return new RequestHead(model, modelFrom, modelTo, stream, null, false, maxTokens, input.result());
    }

    private String name() {
        return shape.model() == null ? "model" : shape.model();
    }

    private void member(String name) {
        if (name.equals(shape.model()) && asked.model() == null) {
            if (isFirst(name)) model();
        } else if (name.equals(shape.stream())) {
            if (isFirst(name)) stream(name);
        } else if (shape.inside() == null && name.equals(shape.maxTokens())) {
            if (isFirst(name)) limit();
        } else if (name.equals(shape.inside())) {
            if (isFirst(name)) inside();
        } else if (shape.texts().contains(name)) {
            input.take(scanner);
        }
    }

    private boolean isFirst(String name) {
        if (seen.add(name)) return true;
        malformed = new Peek.Malformed("\"" + name + "\" is given twice; give it once", name);
        return false;
    }

    private void model() {
        JsonType type = scanner.type();
        String value = scanner.takeString();
        if (type == JsonType.INVALID || type == JsonType.STRING && value == null) return;
        if (value == null || value.isEmpty()) {
            malformed = new Peek.Malformed("\"" + name() + "\" must be a string that names the model to call", name());
            return;
        }
        model = value;
        modelFrom = scanner.valueFrom();
        modelTo = scanner.valueTo();
    }

    private void stream(String name) {
        switch (scanner.type()) {
            case TRUE -> stream = true;
            case FALSE, NULL, INVALID -> {}
            case OBJECT, ARRAY, STRING, NUMBER ->
                malformed = new Peek.Malformed("\"" + name + "\" must be true or false", name);
        }
    }

    private void inside() {
        if (scanner.type() != JsonType.OBJECT) return;
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.name().equals(shape.maxTokens())) limit();
        }
    }

    private void limit() {
        if (scanner.type() == JsonType.NUMBER) maxTokens = Math.clamp(scanner.takeLong(0), 0, MOST_TOKENS);
    }
}
