package dev.sluice.protocol.json;

import java.util.Random;

/** Random JSON, with all the liberties that the grammar gives: white space, escapes, spellings of numbers. */
public final class JsonDocuments {
    private static final String[] NUMBERS = {
        "0", "-0", "1", "-17", "3.14", "1e3", "1E+2", "0.5e-7", "12345678901234567890", "9007199254740993", "-1.0"
    };
    private static final String[] TEXTS = {
        "",
        "a",
        "plain text of some length, long enough for words",
        "quote \" and \\ slash /",
        "line\nbreak\ttab",
        "é中文字符",
        "😀😀",
        "\u0000\u001f",
        "}{][,:\"",
        "data: [DONE]",
        "model",
        "stream"
    };

    private final Random random;

    public JsonDocuments(long seed) {
        random = new Random(seed);
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public boolean chance() {
        return random.nextBoolean();
    }

    public String space() {
        return switch (random.nextInt(8)) {
            case 0 -> " ";
            case 1 -> "\n  ";
            case 2 -> "\r\n\t";
            default -> "";
        };
    }

    public String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    /** A string literal: each character as it is, or as one of its escapes. */
    public String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        int style = random.nextInt(4);
        for (char c : text.toCharArray()) {
            boolean must = c < ' ' || c == '"' || c == '\\';
            if (must || style == 0 && random.nextInt(3) == 0 && !Character.isSurrogate(c)) {
                if (c == '"' || c == '\\') out.append('\\').append(c);
                else if (c == '\n') out.append("\\n");
                else out.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
            } else if (style == 1 && Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    public String number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    public String value(int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 8)) {
            case 0 -> quoted(text());
            case 1 -> number();
            case 2 -> "true";
            case 3 -> "false";
            case 4 -> "null";
            case 5 -> {
                StringBuilder out = new StringBuilder("[").append(space());
                int size = random.nextInt(4);
                for (int i = 0; i < size; i++) {
                    if (i > 0) out.append(space()).append(',').append(space());
                    out.append(value(depth + 1));
                }
                yield out.append(space()).append(']').toString();
            }
            default -> {
                StringBuilder out = new StringBuilder("{").append(space());
                int size = random.nextInt(4);
                for (int i = 0; i < size; i++) {
                    if (i > 0) out.append(space()).append(',').append(space());
                    out.append(member("k" + i + text(), value(depth + 1)));
                }
                yield out.append(space()).append('}').toString();
            }
        };
    }

    public String member(String name, String value) {
        return quoted(name) + space() + ":" + space() + value;
    }
}
