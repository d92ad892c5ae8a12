package dev.sluice.settings;

import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Reporter;
import java.util.List;

/** Rules for model names and for patterns over them, in which * stands for any text and ? for one character. */
final class Pattern {
    private static final int LONGEST = 256;

    private Pattern() {}

    /** Reports a model name or pattern that can match nothing. */
    static void check(String path, String pattern, Reporter reporter) {
        if (pattern.isBlank()) reporter.problem(path, Messages.quote(pattern) + " (expected: a model name)");
        else if (!pattern.equals(pattern.strip()))
            reporter.problem(path, Messages.quote(pattern) + " begins or ends with a space (expected: a model name)");
        else if (pattern.length() > LONGEST)
            reporter.problem(
                    path,
                    Messages.quote(pattern) + " has " + pattern.length() + " characters (expected: at most " + LONGEST
                            + ")");
    }

    static void checkAll(String path, List<String> patterns, Reporter reporter) {
        for (int i = 0; i < patterns.size(); i++) check(path + "[" + i + "]", patterns.get(i), reporter);
    }

    /** Whether everything that the second pattern matches is matched by the first one too. Never wrong when it says so. */
    static boolean covers(String first, String second) {
        // reached[i]: the part of the first pattern up to i matches the part of the second one read so far.
        boolean[] reached = new boolean[first.length() + 1];
        reached[0] = true;
        skipStars(first, reached);
        for (int j = 0; j < second.length(); j++) {
            char symbol = second.charAt(j);
            boolean[] next = new boolean[first.length() + 1];
            for (int i = 0; i < first.length(); i++) {
                if (!reached[i]) continue;
                char own = first.charAt(i);
                if (own == '*') next[i] = true;
                else if (own == symbol || own == '?' && symbol != '*') next[i + 1] = true;
            }
            skipStars(first, next);
            reached = next;
        }
        return reached[first.length()];
    }

    private static void skipStars(String pattern, boolean[] reached) {
        for (int i = 0; i < pattern.length(); i++) if (reached[i] && pattern.charAt(i) == '*') reached[i + 1] = true;
    }
}
