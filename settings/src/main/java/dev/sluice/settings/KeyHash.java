package dev.sluice.settings;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of an API key's secret: all that is kept of it. Equality takes the same time wherever two hashes differ. */
public record KeyHash(long a, long b, long c, long d) {
    public static KeyHash of(String secret) {
        try {
            ByteBuffer hash = ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
            return new KeyHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** Reads the form that {@link #toString()} writes: 64 hexadecimal digits. */
    public static KeyHash parse(String hex) {
        if (hex.length() != 64)
            throw new IllegalArgumentException("key hash of " + hex.length() + " characters (expected: 64)");
        ByteBuffer hash = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        return new KeyHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyHash k && ((a ^ k.a) | (b ^ k.b) | (c ^ k.c) | (d ^ k.d)) == 0;
    }

    @Override
    public int hashCode() {
        return (int) a;
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(a) + hex.toHexDigits(b) + hex.toHexDigits(c) + hex.toHexDigits(d);
    }
}
