package dev.sluice.settings;

import dev.sluice.settings.binding.Messages;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Rules for the paths that settings hold: base paths and routes. */
final class UrlPath {
    private static final int LONGEST = 256;

    private UrlPath() {}

    /** Without closing slashes; the root stays {@code /}. */
    static String normalised(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') end--;
        return path.substring(0, end);
    }

    /** What is wrong with a path; null if nothing is. */
    static @Nullable String problem(String path) {
        String wrong = wrong(path);
        return wrong == null ? null : Messages.quote(path) + " " + wrong;
    }

    private static @Nullable String wrong(String path) {
        if (!path.startsWith("/")) return "does not start with /";
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST) return "has " + bytes + " bytes (expected: at most " + LONGEST + ")";
        if (path.chars().anyMatch(c -> c <= ' ' || c == 0x7f || Character.isWhitespace(c)))
            return "contains a space or control character";
        if (path.indexOf('?') >= 0) return "contains a query";
        if (path.indexOf('#') >= 0) return "contains a fragment";
        if (path.indexOf('\\') >= 0) return "contains a backslash";
        if (path.contains("//")) return "contains //";
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..") || segment.equals(".")) return "contains the segment " + segment;
        }
        return null;
    }
}
