package dev.sluice.simulator.voice;

import java.util.regex.PatternSyntaxException;

/**
 * A text that a simple regular expression matches: literals, escapes, classes, groups, alternatives (the first is taken) and
 * repetitions. Anything else is a {@link PatternSyntaxException}; whoever asks checks the result with a real matcher.
 */
final class PatternSample {
    private static final int LONGEST = 100_000;

    private final String pattern;
    private final int extra;
    private int at;

    /** @param extra how many times more than needed an open repetition is repeated */
    PatternSample(String pattern, int extra) {
        this.pattern = pattern;
        this.extra = extra;
    }

    String text() {
        String text = alternatives();
        if (at < pattern.length()) {
            throw unsupported();
        }
        return text;
    }

    private String alternatives() {
        String first = sequence();
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            sequence();
        }
        return first;
    }

    private String sequence() {
        StringBuilder text = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            String atom = atom();
            int times = times();
            if (text.length() + (long) atom.length() * times > LONGEST) {
                throw unsupported();
            }
            text.append(atom.repeat(times));
        }
        return text.toString();
    }

    private String atom() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '^', '$' -> "";
            case '.' -> "x";
            case '\\' -> escape();
            case '[' -> oneOfClass();
            case '(' -> group();
            case '*', '+', '?', '{' -> throw unsupported();
            default -> String.valueOf(c);
        };
    }

    private String group() {
        if (pattern.startsWith("?:", at)) {
            at += 2;
        } else if (pattern.startsWith("?", at)) {
            throw unsupported();
        }
        String text = alternatives();
        if (at >= pattern.length()) {
            throw unsupported();
        }
        at++;
        return text;
    }

    private String escape() {
        if (at >= pattern.length()) {
            throw unsupported();
        }
        char c = pattern.charAt(at++);
        return switch (c) {
            case 'd' -> "1";
            case 'D', 'w', 'S' -> "x";
            case 'W' -> "-";
            case 's' -> " ";
            case 't' -> "\t";
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 'b', 'B' -> "";
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw unsupported();
                }
                yield String.valueOf(c);
            }
        };
    }

    private String oneOfClass() {
        int end = at;
        boolean negated = end < pattern.length() && pattern.charAt(end) == '^';
        String first = "";
        if (negated) {
            end++;
        }
        int start = end;
        while (end < pattern.length() && (pattern.charAt(end) != ']' || end == start)) {
            end += pattern.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= pattern.length()) {
            throw unsupported();
        }
        if (negated) {
            String none = pattern.substring(start, end);
            first = none.contains("x") || none.contains("\\w") || none.contains("a-z") ? "-" : "x";
        } else if (pattern.charAt(start) == '\\') {
            at = start + 1;
            first = escape();
        } else {
            first = pattern.substring(start, start + 1);
        }
        at = end + 1;
        return first;
    }

    private int times() {
        if (at >= pattern.length()) {
            return 1;
        }
        int times = 1;
        switch (pattern.charAt(at)) {
            case '*' -> times = extra;
            case '+' -> times = 1 + extra;
            case '?' -> times = Math.min(1, extra);
            case '{' -> {
                return counted();
            }
            default -> {
                return 1;
            }
        }
        at++;
        skipMood();
        return times;
    }

    private int counted() {
        int end = pattern.indexOf('}', at);
        String range = end < 0 ? "" : pattern.substring(at + 1, end);
        if (!range.matches("\\d{1,5}(,(\\d{1,5})?)?")) {
            throw unsupported();
        }
        at = end + 1;
        skipMood();
        int comma = range.indexOf(',');
        int least = Integer.parseInt(comma < 0 ? range : range.substring(0, comma));
        if (comma < 0) {
            return least;
        }
        int most = comma == range.length() - 1 ? Integer.MAX_VALUE : Integer.parseInt(range.substring(comma + 1));
        return Math.min(most, least + extra);
    }

    private void skipMood() {
        if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == '+')) {
            at++;
        }
    }

    private PatternSyntaxException unsupported() {
        return new PatternSyntaxException("not understood", pattern, Math.min(at, pattern.length()));
    }
}
