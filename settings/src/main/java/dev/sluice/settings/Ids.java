package dev.sluice.settings;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Makes ids and secrets. Ids made later sort later, to the millisecond. */
final class Ids {
    private static final String BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int TIME_DIGITS = 10;
    private static final int RANDOM_DIGITS = 16;
    /** 43 digits of 62 make 256 bits. */
    private static final int SECRET_DIGITS = 43;

    private final RandomGenerator random;
    private final InstantSource clock;

    /** @param random must not be guessable: secrets are made of it */
    Ids(RandomGenerator random, InstantSource clock) {
        this.random = random;
        this.clock = clock;
    }

    /** An id such as {@code svc_01jd7z…}: 48 bits of time and 80 of randomness. */
    String next(Kind kind) {
        StringBuilder id = new StringBuilder(kind.idPrefix()).append('_');
        long now = clock.millis();
        for (int digit = TIME_DIGITS - 1; digit >= 0; digit--) id.append(BASE32.charAt((int) (now >>> digit * 5) & 31));
        for (int digit = 0; digit < RANDOM_DIGITS; digit++) id.append(BASE32.charAt(random.nextInt(32)));
        return id.toString();
    }

    /** A secret for an API key. */
    String secret() {
        StringBuilder secret = new StringBuilder("sk-sluice-");
        for (int digit = 0; digit < SECRET_DIGITS; digit++) secret.append(BASE62.charAt(random.nextInt(62)));
        return secret.toString();
    }
}
