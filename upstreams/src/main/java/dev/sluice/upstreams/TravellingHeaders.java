package dev.sluice.upstreams;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
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
            // A coded body is decoded here, or refused.
            "content-encoding",
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
            // Signed by the client for itself; the gateway signs for itself.
            "x-amz-date",
            "x-amz-content-sha256",
            "x-amz-security-token",
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
            "anthropic-organization-id",
            "x-request-id",
            "retry-after",
            "cache-control",
            "x-accel-buffering");

    /** With the headers of Tencent's clients: what they ask for, and their temporary credential. */
    private static final Exclusions TO_UPSTREAM = new Exclusions(HOP_BY_HOP, NOT_TO_UPSTREAM, "x-sluice-", "x-tc-");

    /** What the gateway says itself. */
    private static final Set<String> OWN = Set.of("content-length", "date", "x-request-id", "alt-svc");

    private static final Exclusions OF_BACKEND = new Exclusions(HOP_BY_HOP, OWN, "x-sluice-");

    private static final Exclusions TO_CLIENT =
            new Exclusions(HOP_BY_HOP, NOT_TO_CLIENT, "x-sluice-", "x-ratelimit-", "anthropic-ratelimit-");

    private TravellingHeaders() {}

    /** Copies what may go on to an upstream. A header that carried the caller's key under a custom name is removed by the proxy. */
    public static void toUpstream(MultiMap from, MultiMap to) {
        copy(from, to, TO_UPSTREAM, null);
    }

    /**
     * Copies what may go back to a client.
     *
     * @param secret the credential that the upstream was sent: a header that quotes it stays here
     */
    public static void toClient(MultiMap from, MultiMap to, @Nullable String secret) {
        copy(from, to, TO_CLIENT, secret);
    }

    /** As {@link #toClient}, from a backend that is no provider: there is no account that it could tell of. */
    public static void ofBackend(MultiMap from, MultiMap to, @Nullable String secret) {
        copy(from, to, OF_BACKEND, secret);
    }

    private static void copy(MultiMap from, MultiMap to, Exclusions exclusions, @Nullable String secret) {
        String listed = listed(from);
        from.forEach((name, value) -> {
            if (exclusions.contain(name) || (listed != null && isNamed(listed, name))) return;
            if (secret != null && (value.contains(secret) || name.contains(secret))) return;
            to.add(name, value);
        });
    }

    /** What all Connection headers list together; null when they name no other header. */
    private static @Nullable String listed(MultiMap headers) {
        String first = headers.get(HttpHeaders.CONNECTION);
        if (first == null) return null;
        List<String> all = headers.getAll(HttpHeaders.CONNECTION);
        if (all.size() > 1) return String.join(",", all);
        return first.equalsIgnoreCase("keep-alive") || first.equalsIgnoreCase("close") ? null : first;
    }

    /** Whether the Connection header lists this header as hop-by-hop. */
    private static boolean isNamed(String connection, String name) {
        for (String token : connection.split(",", -1)) {
            if (token.trim().equalsIgnoreCase(name)) return true;
        }
        return false;
    }

    /** Header names by their length, so that most look-ups end after comparing a character or none. */
    private static final class Exclusions {
        private final String[][] byLength;
        private final String[] prefixes;

        Exclusions(Set<String> names, Set<String> more, String... prefixes) {
            this.prefixes = prefixes;
            List<String> all = new ArrayList<>(names);
            all.addAll(more);
            int longest = all.stream().mapToInt(String::length).max().orElse(0);
            byLength = new String[longest + 1][];
            for (int i = 0; i <= longest; i++) {
                int length = i;
                byLength[i] = all.stream().filter(n -> n.length() == length).toArray(String[]::new);
            }
        }

        boolean contain(String name) {
            if (name.length() < byLength.length) {
                for (String excluded : byLength[name.length()]) {
                    if (excluded.equalsIgnoreCase(name)) return true;
                }
            }
            for (String prefix : prefixes) {
                if (name.regionMatches(true, 0, prefix, 0, prefix.length())) return true;
            }
            return false;
        }
    }
}
