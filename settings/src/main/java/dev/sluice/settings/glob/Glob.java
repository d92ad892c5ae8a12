package dev.sluice.settings.glob;

import java.util.List;

/**
 * Patterns in which {@code *} stands for any text and {@code ?} for one character; everything else stands for itself,
 * its case included unless said otherwise. Matching allocates nothing and takes at most time proportional to pattern times text.
 */
public final class Glob {
    private Glob() {}

    /** Whether a text is an exact name rather than a pattern. */
    public static boolean isExact(String pattern) {
        return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
    }

    public static boolean matches(String pattern, String text) {
        return matches(pattern, text, false);
    }

    /** As {@link #matches(String, String)}, small letters and large ones taken for the same. */
    public static boolean matchesAnyCase(String pattern, String text) {
        return matches(pattern, text, true);
    }

    private static boolean matches(String pattern, String text, boolean anyCase) {
        int p = 0;
        int t = 0;
        // Where to go on when what follows the last star does not fit: the star swallows one character more.
        // An earlier star never needs another look: the last one can take over anything that it could have swallowed.
        int afterStar = -1;
        int swallowed = 0;
        while (t < text.length()) {
            char c = p < pattern.length() ? pattern.charAt(p) : 0;
            if (p < pattern.length() && c == '*') {
                afterStar = ++p;
                swallowed = t;
            } else if (p < pattern.length() && c == '?') {
                p++;
                t = next(text, t);
            } else if (p < pattern.length() && isSame(c, text.charAt(t), anyCase)) {
                p++;
                t++;
            } else if (afterStar >= 0) {
                p = afterStar;
                swallowed = next(text, swallowed);
                t = swallowed;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') p++;
        return p == pattern.length();
    }

    public static boolean matchesAny(List<String> patterns, String text) {
        for (int i = 0; i < patterns.size(); i++) {
            if (matches(patterns.get(i), text)) return true;
        }
        return false;
    }

    /** How many characters of a pattern stand for themselves: of two patterns that match, the one with more says more. */
    public static int literals(String pattern) {
        int count = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '*' && c != '?') count++;
        }
        return count;
    }

    private static boolean isSame(char a, char b, boolean anyCase) {
        return a == b || anyCase && Character.toLowerCase(a) == Character.toLowerCase(b);
    }

    private static int next(String text, int at) {
        boolean pair = Character.isHighSurrogate(text.charAt(at))
                && at + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(at + 1));
        return pair ? at + 2 : at + 1;
    }
}
