package dev.sluice.admin;

import dev.sluice.settings.Author;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a request carries the admin token. An address that sends too many wrong ones is turned away for a while,
 * right or wrong, so that guessing is slow. Used by one event loop only.
 */
final class SignIn {
    /** Wrong tokens from one address within {@link #PAUSE_MILLIS} before it is turned away. */
    static final int MAX_FAILURES = 10;

    static final long PAUSE_MILLIS = 60_000;

    /** Addresses remembered; the one not seen for longest is forgotten first. */
    static final int MAX_ADDRESSES = 10_000;

    private static final String ACTOR = "bootstrap-admin";

    private final byte[] tokenHash;
    private final InstantSource clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    SignIn(String token, InstantSource clock) {
        this.tokenHash = hash(token);
        this.clock = clock;
    }

    /** What became of one attempt. */
    sealed interface Verdict {
        record Welcome(Author author) implements Verdict {}

        /** No token was sent. */
        record Missing() implements Verdict {}

        record Wrong() implements Verdict {}

        record TurnedAway(long seconds) implements Verdict {}
    }

    private record Failures(int count, long since) {}

    Verdict check(@Nullable String authorization, String address) {
        long now = clock.millis();
        Failures before = failures.get(address);
        if (before != null && now - before.since >= PAUSE_MILLIS) {
            failures.remove(address);
            before = null;
        }
        if (before != null && before.count >= MAX_FAILURES)
            return new Verdict.TurnedAway(Math.max(1, (before.since + PAUSE_MILLIS - now + 999) / 1000));
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7))
            return new Verdict.Missing();
        // Hashes are compared, so that the time tells neither the token nor its length.
        if (MessageDigest.isEqual(tokenHash, hash(authorization.substring(7).strip())))
            return new Verdict.Welcome(new Author(ACTOR, address));
        int count = before == null ? 1 : before.count + 1;
        // The pause is counted from the failure that starts it.
        failures.put(address, new Failures(count, before == null || count == MAX_FAILURES ? now : before.since));
        return new Verdict.Wrong();
    }

    int rememberedAddresses() {
        return failures.size();
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
