package dev.sluice.simulator.voice;

import java.util.ArrayList;
import java.util.List;

/**
 * The token rule of the simulator: a token is a word together with the white space before it; a word longer than
 * {@value #LONGEST} characters is one token for each {@value #LONGEST} characters begun; white space at the end of the
 * text is a token of its own. So {@code "Echo: hi there"} has three tokens, and a streamed answer carries exactly one
 * token per content event.
 */
public final class Tokens {
    /** The most characters (UTF-16 units) of a word in one token; a surrogate pair is never split. */
    public static final int LONGEST = 16;

    private Tokens() {}

    public static int count(String text) {
        int tokens = 0;
        for (int at = 0; at < text.length(); at = end(text, at)) {
            tokens++;
        }
        return tokens;
    }

    /** The tokens of a text; joined they are the text. */
    public static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = end(text, at);
            tokens.add(text.substring(at, end));
            at = end;
        }
        return tokens;
    }

    /** The text cut after at most {@code limit} tokens. */
    public static String first(String text, int limit) {
        int at = 0;
        for (int taken = 0; taken < limit && at < text.length(); taken++) {
            at = end(text, at);
        }
        return text.substring(0, at);
    }

    private static int end(String text, int start) {
        int at = start;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        int limit = Math.min(text.length(), at + LONGEST);
        while (at < limit && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        boolean splitsPair = at < text.length()
                && at > start
                && Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
        return splitsPair ? at + 1 : at;
    }
}
