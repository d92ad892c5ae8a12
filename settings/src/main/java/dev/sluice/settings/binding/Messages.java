package dev.sluice.settings.binding;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** How values and suggestions appear in messages. */
public final class Messages {
    private static final int SHOWN = 80;
    private static final int CANDIDATES = 500;

    private Messages() {}

    /** A text in quotation marks, shortened, with control characters made visible. */
    public static String quote(String text) {
        StringBuilder out = new StringBuilder().append('"');
        int end = Math.min(text.length(), SHOWN);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c) && !Character.isDefined(text.codePointAt(i)))
                        out.append(String.format("\\u%04x", (int) c));
                    else out.append(c);
                }
            }
        }
        return out.append(text.length() > SHOWN ? "…\"" : "\"").toString();
    }

    /** {@code  (did you mean "x"?)} for the candidate nearest to what was written, empty when none is near. */
    public static String suggestion(String written, Collection<String> candidates) {
        String nearest = nearest(written, candidates);
        return nearest == null ? "" : " (did you mean " + quote(nearest) + "?)";
    }

    private static @Nullable String nearest(String written, Collection<String> candidates) {
        if (written.length() > SHOWN) return null;
        String best = null;
        int limit = Math.max(1, written.length() / 3);
        for (String candidate : candidates.stream().limit(CANDIDATES).toList()) {
            if (Math.abs(candidate.length() - written.length()) > limit) continue;
            int distance = distance(lower(written), lower(candidate));
            if (distance <= limit && (best == null || distance < distance(lower(written), lower(best))))
                best = candidate;
        }
        return best;
    }

    private static String lower(String text) {
        return text.toLowerCase(java.util.Locale.ROOT);
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one text to the other. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) d[i][0] = i;
        for (int j = 0; j <= b.length(); j++) d[0][j] = j;
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1))
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
        return d[a.length()][b.length()];
    }
}
