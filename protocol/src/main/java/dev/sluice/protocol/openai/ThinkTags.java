package dev.sluice.protocol.openai;

import java.util.function.Consumer;

/**
 * Takes thoughts out of a text that begins with {@code <think>…</think>}, as some vendors write them. Texts may be cut anywhere;
 * what may still be a tag is held back.
 */
final class ThinkTags {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private enum State {
        START,
        THINKING,
        BEHIND,
        TEXT
    }

    private final Consumer<String> thinking;
    private final Consumer<String> text;
    private State state = State.START;
    private String held = "";

    ThinkTags(Consumer<String> thinking, Consumer<String> text) {
        this.thinking = thinking;
        this.text = text;
    }

    void feed(String piece) {
        if (piece.isEmpty()) return;
        if (state == State.TEXT) {
            text.accept(piece);
            return;
        }
        held = held.isEmpty() ? piece : held.concat(piece);
        if (state == State.START) start();
        if (state == State.THINKING) thinking();
        if (state == State.BEHIND) behind();
    }

    /** No more comes: what was held back is what it looks like. */
    void end() {
        String rest = held;
        held = "";
        if (rest.isEmpty()) return;
        switch (state) {
            case START, TEXT -> text.accept(rest);
            case THINKING -> thinking.accept(rest);
            case BEHIND -> {}
        }
        state = State.TEXT;
    }

    private void start() {
        String begin = held.stripLeading();
        if (begin.startsWith(OPEN)) {
            held = begin.substring(OPEN.length());
            state = State.THINKING;
        } else if (!OPEN.startsWith(begin) || held.length() > 2 * OPEN.length()) {
            String all = held;
            held = "";
            state = State.TEXT;
            text.accept(all);
        }
    }

    private void thinking() {
        int close = held.indexOf(CLOSE);
        int kept = close >= 0 ? close : held.length() - partOfTag(held);
        if (kept > 0) thinking.accept(held.substring(0, kept));
        if (close >= 0) {
            held = held.substring(close + CLOSE.length());
            state = State.BEHIND;
        } else {
            held = held.substring(kept);
        }
    }

    /** White space behind the thoughts is none of the text. */
    private void behind() {
        String rest = held.stripLeading();
        held = "";
        if (rest.isEmpty()) return;
        state = State.TEXT;
        text.accept(rest);
    }

    /** How many characters at the end may be the beginning of the closing tag. */
    private static int partOfTag(String text) {
        for (int length = Math.min(CLOSE.length() - 1, text.length()); length > 0; length--) {
            if (CLOSE.startsWith(text.substring(text.length() - length))) return length;
        }
        return 0;
    }
}
