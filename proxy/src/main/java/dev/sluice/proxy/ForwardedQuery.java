package dev.sluice.proxy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The part of a client's query that goes on to an upstream: all but the parameters that carry its key, and but Gemini's wish for a
 * stream of events, which the gateway says itself.
 */
final class ForwardedQuery {
    private ForwardedQuery() {}

    static String of(@Nullable String query, @Nullable String keyParameter) {
        if (query == null || query.isEmpty()) return "";
        StringBuilder kept = new StringBuilder(query.length());
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (pair.isEmpty() || isKey(name, keyParameter) || pair.equals("alt=sse")) continue;
            if (!kept.isEmpty()) kept.append('&');
            kept.append(pair);
        }
        return kept.toString();
    }

    /** Names are compared as the key's reader sees them: percent-decoded. */
    private static boolean isKey(String name, @Nullable String keyParameter) {
        if (keyParameter == null) return false;
        if (name.indexOf('%') < 0 && name.indexOf('+') < 0) return name.equals(keyParameter);
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8).equals(keyParameter);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
