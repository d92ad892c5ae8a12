package dev.sluice.protocol.error;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Set;

/** Makes an upstream's words fit to be shown and logged: one line, bounded, without secrets and markup. */
final class PlainText {
    static final int MAX_MESSAGE = 512;

    private static final String MASK = "***";
    /** More is not looked at: masking shortens, but not by this much. */
    private static final int MAX_READ = 8 * MAX_MESSAGE;
    /** A run of letters and digits of this length, both among them, is no word and no model name. */
    private static final int SECRET_RUN = 20;
    /** From this length on, a word in both cases with digits and without a hyphen or a dot is no name. */
    private static final int SECRET_WORD = 30;

    private static final String[] SECRET_PREFIXES = {
        "sk-", "sk_", "pk-", "ak-", "gsk_", "xai-", "hf_", "nvapi-", "AIza", "AKIA", "eyJ", "ghp_"
    };

    private static final Set<String> TALK = Set.of(
            "bearer",
            "token",
            "tokens",
            "token.",
            "authentication",
            "authorization",
            "auth",
            "header",
            "scheme",
            "key",
            "is");

    private PlainText() {}

    /** The beginning of a text in an unknown form; of HTML only the words. */
    static String excerpt(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, Math.min(to - from, 4 * MAX_READ), UTF_8);
        return clean(text.stripLeading().startsWith("<") ? words(text) : text, MAX_MESSAGE);
    }

    /** Masks what looks like a secret, turns control characters and runs of white space into one space, cuts. */
    static String clean(String text, int max) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), max) + MASK.length());
        int end = Math.min(text.length(), MAX_READ);
        boolean bearer = false;
        int p = 0;
        while (p < end && out.length() < max) {
            int word = p;
            while (p < end && isWord(text.charAt(p))) p++;
            if (p > word) {
                boolean scheme = isScheme(text, word, p);
                if (bearer && !isTalk(text, word, p) || isSecret(text, word, p)) mask(out, text, word, p);
                else out.append(text, word, p);
                bearer = scheme;
                continue;
            }
            char c = text.charAt(p++);
            if (c > ' ' && !Character.isISOControl(c)) {
                out.append(c);
                bearer &= c == ':' || c == '"' || c == '\'';
            } else if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        }
        return cut(out, max).strip();
    }

    private static String cut(StringBuilder text, int max) {
        int length = Math.min(text.length(), max);
        boolean halved = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, halved ? length - 1 : length);
    }

    /** Keeps the first letters of a prefix that tells what kind of secret it was. */
    private static void mask(StringBuilder out, String text, int from, int to) {
        for (String prefix : SECRET_PREFIXES) {
            if (text.startsWith(prefix, from) && prefix.length() < to - from) {
                out.append(prefix);
                break;
            }
        }
        out.append(MASK);
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_'
                || c == '.'
                || c == '*'
                || c == '+'
                || c == '/';
    }

    private static boolean isScheme(String text, int from, int to) {
        return to - from == 6
                && text.substring(from, to).toLowerCase(Locale.ROOT).equals("bearer");
    }

    /** Whether the word behind "bearer" speaks of the token instead of being it. */
    private static boolean isTalk(String text, int from, int to) {
        return TALK.contains(text.substring(from, to).toLowerCase(Locale.ROOT));
    }

    private static boolean isSecret(String text, int from, int to) {
        for (String prefix : SECRET_PREFIXES) {
            if (text.startsWith(prefix, from) && to - from > prefix.length() + 4) return true;
        }
        boolean starred = false;
        boolean lower = false;
        boolean upper = false;
        boolean digit = false;
        boolean named = false;
        boolean runLetter = false;
        boolean runDigit = false;
        int run = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            starred |= c == '*' && i + 1 < to && text.charAt(i + 1) == '*';
            if (Character.isLetterOrDigit(c)) {
                run++;
                lower |= Character.isLowerCase(c);
                upper |= Character.isUpperCase(c);
                digit |= Character.isDigit(c);
                runLetter |= Character.isLetter(c);
                runDigit |= Character.isDigit(c);
                if (run >= SECRET_RUN && runLetter && runDigit) return true;
            } else {
                named |= c == '-' || c == '_' || c == '.';
                run = 0;
                runLetter = false;
                runDigit = false;
            }
        }
        return starred && to - from > 6
                || to - from >= SECRET_WORD && lower && upper && digit && !named
                || isUuid(text, from, to);
    }

    /** Some vendors' keys are UUIDs. */
    private static boolean isUuid(String text, int from, int to) {
        if (to - from != 36) return false;
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(from + i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : Character.digit(c, 16) < 0) return false;
        }
        return true;
    }

    /** The words of an HTML page, its styles and scripts left out. */
    private static String words(String html) {
        StringBuilder out = new StringBuilder();
        String lower = html.toLowerCase(Locale.ROOT);
        int p = 0;
        while (p < html.length()) {
            int tag = html.indexOf('<', p);
            out.append(html, p, tag < 0 ? html.length() : tag).append(' ');
            if (tag < 0) break;
            int end = tag;
            if (lower.startsWith("<script", tag)) end = lower.indexOf("</script", tag);
            if (lower.startsWith("<style", tag)) end = lower.indexOf("</style", tag);
            int close = end < 0 ? -1 : html.indexOf('>', end);
            if (close < 0) break;
            p = close + 1;
        }
        return out.toString();
    }
}
