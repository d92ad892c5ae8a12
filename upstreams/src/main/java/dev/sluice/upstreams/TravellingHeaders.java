package dev.sluice.upstreams;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which headers travel through the gateway. Hop-by-hop headers end at each hop (RFC 9110, section 7.6.1), a caller's
 * credentials never reach an upstream, and what an upstream says about the gateway's own account never reaches a caller.
 */
public final class TravellingHeaders {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private static final Set<String> NOT_TO_UPSTREAM = Set.of(
            "host",
            "content-length",
            "expect",
            "accept-encoding",
            "authorization",
            "x-api-key",
            "x-goog-api-key",
            "api-key",
            "cookie",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port",
            "x-real-ip",
            "openai-organization",
            "openai-project",
            "x-request-id");

    private static final Set<String> NOT_TO_CLIENT = Set.of(
            "content-length",
            "date",
            "server",
            "via",
            "set-cookie",
            "alt-svc",
            "strict-transport-security",
            "www-authenticate",
            "openai-organization",
            "openai-project",
            "x-request-id",
            "retry-after",
            "cache-control",
            "x-accel-buffering");

    private TravellingHeaders() {}

    /** Copies what may go on to an upstream. A header that carried the caller's key under a custom name is removed by the proxy. */
    public static void toUpstream(MultiMap from, MultiMap to) {
        copy(from, to, NOT_TO_UPSTREAM, "x-sluice-");
    }

    /** Copies what may go back to a client. */
    public static void toClient(MultiMap from, MultiMap to) {
        copy(from, to, NOT_TO_CLIENT, "x-ratelimit-");
    }

    private static void copy(MultiMap from, MultiMap to, Set<String> excluded, String excludedPrefix) {
        String listed = listed(from);
        for (Map.Entry<String, String> header : from) {
            String name = lowerCase(header.getKey());
            if (HOP_BY_HOP.contains(name) || excluded.contains(name) || name.startsWith(excludedPrefix)) continue;
            if (listed != null && isNamed(listed, name)) continue;
            to.add(header.getKey(), header.getValue());
        }
    }

    /** What all Connection headers list together; null when it is nothing but keep-alive. */
    private static @Nullable String listed(MultiMap headers) {
        String first = headers.get("connection");
        if (first == null) return null;
        List<String> all = headers.getAll("connection");
        if (all.size() > 1) return String.join(",", all);
        return first.equalsIgnoreCase("keep-alive") ? null : first;
    }

    /** Whether the Connection header lists this header as hop-by-hop. */
    private static boolean isNamed(String connection, String name) {
        for (String token : connection.split(",", -1)) {
            if (token.trim().equalsIgnoreCase(name)) return true;
        }
        return false;
    }

    private static String lowerCase(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') return name.toLowerCase(Locale.ROOT);
        }
        return name;
    }
}
