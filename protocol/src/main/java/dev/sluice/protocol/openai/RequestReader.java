package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.Peek;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.Splice;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.Keys;
import dev.sluice.protocol.request.InputSample;
import java.util.EnumSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One pass over one request body. */
final class RequestReader {
    /** Members that the gateway reads or changes come first: given twice, the upstream might believe the other one. */
    private enum Field {
        MODEL,
        STREAM,
        STREAM_OPTIONS,
        MAX_TOKENS,
        MAX_COMPLETION_TOKENS,
        MAX_OUTPUT_TOKENS,
        N,
        BEST_OF,
        BACKGROUND,
        MESSAGES,
        INPUT,
        PROMPT,
        INSTRUCTIONS,
        TOOLS,
        FUNCTIONS,
        RESPONSE_FORMAT,
        OTHER;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private enum Option {
        INCLUDE_USAGE,
        OTHER
    }

    private static final Keys<Field> FIELDS = Keys.of(Field.class, Field.OTHER, Field::wireName);
    private static final Keys<Option> OPTIONS = Keys.of(Option.class, Option.OTHER);

    private static final byte[] TRUE = ascii("true");
    private static final byte[] ASKING = ascii("{\"include_usage\":true}");
    private static final byte[] FIRST_OPTION = ascii("\"include_usage\":true,");
    private static final byte[] ONLY_OPTION = ascii("\"include_usage\":true");
    private static final byte[] OPTIONS_MEMBER = ascii(",\"stream_options\":{\"include_usage\":true}");

    private final boolean asksUsage;
    private final JsonScanner scanner;
    private final InputSample input;

    private final EnumSet<Field> owned = EnumSet.noneOf(Field.class);
    private @Nullable String model;
    private int modelFrom;
    private int modelTo;
    private boolean stream;
    private int streamTo;
    /** The edit of the stream options that are there; null if they ask for usage already. */
    private @Nullable Splice askUsage;

    private boolean background;
    private long maxTokens;
    private long choices = 1;
    private Peek.@Nullable Malformed malformed;

    /** @param asksUsage whether a streamed answer tells usage only if it is asked for with {@code stream_options} */
    RequestReader(byte[] body, boolean asksUsage) {
        this.asksUsage = asksUsage;
        this.scanner = new JsonScanner().reset(body, 0, body.length);
        this.input = new InputSample(body);
    }

    Peek read() {
        JsonType type = scanner.type();
        if (type == JsonType.OBJECT) {
            scanner.enter();
            while (malformed == null && scanner.nextMember()) member(scanner.key(FIELDS));
        }
        if (malformed != null) return malformed;
        if (!scanner.finish())
            return new Peek.Malformed("the request body is not valid JSON (" + scanner.failure() + ")", null);
        if (type != JsonType.OBJECT) return new Peek.Malformed("the request body must be a JSON object", null);
        if (model == null) return new Peek.Malformed("\"model\" is missing; name the model to call", "model");
        return new RequestHead(
                model,
                modelFrom,
                modelTo,
                stream,
                stream && asksUsage ? edit() : null,
                background,
                Math.min(UsageReader.MAX_TOKENS, saturated(maxTokens, choices)),
                input.result());
    }

    private void member(Field field) {
        if (field.compareTo(Field.BACKGROUND) <= 0 && !owned.add(field)) {
            refuse(field, "is given twice; give it once");
            return;
        }
        switch (field) {
            case MODEL -> model();
            case STREAM -> stream();
            case STREAM_OPTIONS -> streamOptions();
            case MAX_TOKENS, MAX_COMPLETION_TOKENS, MAX_OUTPUT_TOKENS -> maxTokens = Math.max(maxTokens, number(field));
            case N, BEST_OF -> choices = Math.max(choices, number(field));
            case BACKGROUND -> background = scanner.type() == JsonType.TRUE;
            case MESSAGES, INPUT, PROMPT, INSTRUCTIONS, TOOLS, FUNCTIONS, RESPONSE_FORMAT -> input.take(scanner);
            case OTHER -> {}
        }
    }

    private void model() {
        JsonType type = scanner.type();
        String name = scanner.takeString();
        if (type == JsonType.INVALID || type == JsonType.STRING && name == null) return;
        if (name == null || name.isEmpty()) {
            refuse(Field.MODEL, "must be a string that names the model to call");
            return;
        }
        model = name;
        modelFrom = scanner.valueFrom();
        modelTo = scanner.valueTo();
    }

    private void stream() {
        switch (scanner.type()) {
            case TRUE -> stream = true;
            case FALSE, NULL, INVALID -> stream = false;
            case OBJECT, ARRAY, STRING, NUMBER -> refuse(Field.STREAM, "must be true or false");
        }
        if (scanner.skip()) streamTo = scanner.valueTo();
    }

    private void streamOptions() {
        switch (scanner.type()) {
            case OBJECT -> options();
            case NULL -> {
                if (scanner.skip()) askUsage = replace(ASKING);
            }
            case ARRAY, STRING, NUMBER, TRUE, FALSE -> {
                if (asksUsage) refuse(Field.STREAM_OPTIONS, "must be an object");
            }
            case INVALID -> {}
        }
    }

    private void options() {
        scanner.enter();
        int inside = scanner.position();
        boolean any = false;
        boolean told = false;
        while (scanner.nextMember()) {
            any = true;
            if (scanner.key(OPTIONS) != Option.INCLUDE_USAGE) continue;
            if (told) {
                refuseUsage("is given twice; give it once");
                return;
            }
            told = true;
            switch (scanner.type()) {
                case TRUE -> askUsage = null;
                case FALSE, NULL -> {
                    if (scanner.skip()) askUsage = replace(TRUE);
                }
                case OBJECT, ARRAY, STRING, NUMBER -> {
                    if (asksUsage) {
                        refuseUsage("must be true or false");
                        return;
                    }
                }
                case INVALID -> {}
            }
        }
        if (!told) askUsage = new Splice(inside, inside, any ? FIRST_OPTION : ONLY_OPTION);
    }

    private Splice replace(byte[] value) {
        return new Splice(scanner.valueFrom(), scanner.valueTo(), value);
    }

    private @Nullable Splice edit() {
        return owned.contains(Field.STREAM_OPTIONS) ? askUsage : new Splice(streamTo, streamTo, OPTIONS_MEMBER);
    }

    /** A positive whole number, or 0 if the member is null or says "no limit" with a number below 1. */
    private long number(Field field) {
        return switch (scanner.type()) {
            case NUMBER -> Math.max(0, scanner.takeLong(0));
            case NULL, INVALID -> 0;
            case OBJECT, ARRAY, STRING, TRUE, FALSE -> {
                refuse(field, "must be a number");
                yield 0;
            }
        };
    }

    private static long saturated(long a, long b) {
        return Math.multiplyHigh(a, b) == 0 && a * b >= 0 ? a * b : Long.MAX_VALUE;
    }

    private void refuse(Field field, String why) {
        malformed = new Peek.Malformed("\"" + field.wireName() + "\" " + why, field.wireName());
    }

    private void refuseUsage(String why) {
        malformed = new Peek.Malformed("\"stream_options.include_usage\" " + why, "stream_options.include_usage");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
