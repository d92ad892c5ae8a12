package dev.sluice.protocol.chat;

/**
 * One text of a stream whose events repeat what came before, or do not. Where the request did not say which, the texts tell; while
 * it is uncertain, what follows the first text is held back.
 */
public final class GrowingText {
    /** What the events of a stream hold. */
    public enum Mode {
        /** The model decides. */
        UNCERTAIN,
        /** All that was said. */
        WHOLE,
        /** What is new. */
        PIECES
    }

    /** Two texts of which the longer one begins with the other: a coincidence only if they are short. */
    private static final int NO_COINCIDENCE = 8;

    private static final int NO_COINCIDENCES = 2;

    private final StringBuilder held = new StringBuilder();
    private Mode mode;
    private String last = "";
    private int given;
    private int grown;

    public GrowingText(Mode mode) {
        this.mode = mode;
    }

    /** What is new in the next event. */
    public String next(String text) {
        return switch (mode) {
            case PIECES -> text;
            case WHOLE -> whole(text);
            case UNCERTAIN -> uncertain(text);
        };
    }

    /** What is held back when the content is complete. */
    public String rest() {
        if (mode != Mode.UNCERTAIN || held.isEmpty()) return "";
        mode = Mode.WHOLE;
        String fresh = last.substring(given);
        given = last.length();
        return fresh;
    }

    private String whole(String text) {
        if (text.length() <= given) return "";
        String fresh = text.substring(given);
        given = text.length();
        return fresh;
    }

    private String uncertain(String text) {
        if (last.isEmpty()) {
            last = text;
            given = text.length();
            return text;
        }
        if (text.isEmpty() || !text.startsWith(last)) {
            mode = Mode.PIECES;
            String fresh = held + text;
            held.setLength(0);
            return fresh;
        }
        boolean longer = text.length() > last.length();
        if (longer) grown++;
        boolean certain = longer && last.length() >= NO_COINCIDENCE || grown >= NO_COINCIDENCES;
        held.append(text);
        last = text;
        if (!certain) return "";
        mode = Mode.WHOLE;
        held.setLength(0);
        return whole(text);
    }
}
