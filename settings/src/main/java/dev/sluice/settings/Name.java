package dev.sluice.settings;

import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Reporter;
import java.util.List;

/** The rules for names of resources. */
enum Name {
    /** Of services: Chinese or English letters, digits, - and _. */
    SERVICE(60, false),
    /** Of Model APIs: as services, a little longer. */
    MODEL_API(64, false),
    /** Of everything else: may also begin with a digit and have dots. */
    OTHER(64, true);

    private final int longest;
    private final boolean lenient;

    Name(int longest, boolean lenient) {
        this.longest = longest;
        this.lenient = lenient;
    }

    /** Reports each rule that a name breaks. */
    void check(String path, String name, Reporter reporter) {
        int length = name.codePointCount(0, name.length());
        if (length == 0) {
            reporter.problem(path, "\"\" (expected: 1 to " + longest + " characters)");
            return;
        }
        String quoted = Messages.quote(name);
        if (length > longest)
            reporter.problem(
                    path, quoted + " has " + length + " characters (expected: 1 to " + longest + " characters)");
        name.codePoints()
                .filter(c -> !letter(c) && !digit(c) && !separator(c))
                .findFirst()
                .ifPresent(c -> reporter.problem(
                        path,
                        quoted + " contains " + Messages.quote(Character.toString(c))
                                + " (expected: Chinese or English letters, digits, "
                                + (lenient ? "-, _ and .)" : "- and _)")));
        int first = name.codePointAt(0);
        if (separator(first)) {
            reporter.problem(
                    path, quoted + " starts with a separator (expected: a letter" + (lenient ? " or digit)" : ")"));
        } else if (digit(first) && !lenient) {
            reporter.problem(path, quoted + " starts with a digit (expected: a letter)");
        }
        if (length > 1 && separator(name.codePointBefore(name.length())))
            reporter.problem(path, quoted + " ends with a separator (expected: a letter or digit)");
    }

    /** Reports names that a list holds more than once. */
    static void checkDistinct(String path, List<String> names, Reporter reporter) {
        for (int i = 1; i < names.size(); i++) {
            if (names.subList(0, i).contains(names.get(i)))
                reporter.problem(path + "[" + i + "]", Messages.quote(names.get(i)) + " is listed twice");
        }
    }

    private static boolean letter(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || Character.isLetter(c) && Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
    }

    private static boolean digit(int c) {
        return c >= '0' && c <= '9';
    }

    private boolean separator(int c) {
        return c == '-' || c == '_' || lenient && c == '.';
    }
}
