package dev.sluice.settings;

import dev.sluice.settings.binding.Doc;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Doc("What the gateway keeps of an API key's secret.")
public record Credential(
        KeyHash hash,

        @Doc("Beginning and last four characters, to recognise the key by.")
        String hint,

        @Doc("The secret before the last rotation.") @Nullable
        KeyHash previousHash,

        @Doc("Until when the previous secret is still good.") @Nullable
        Instant previousValidUntil) {
    /** The credential of a fresh secret. */
    public static Credential of(String secret) {
        int shown = Math.min(4, secret.length() / 4);
        return new Credential(
                KeyHash.of(secret),
                secret.substring(0, Math.min(6, secret.length() / 3)) + "…" + secret.substring(secret.length() - shown),
                null,
                null);
    }
}
