package dev.sluice.settings;

import java.net.http.HttpClient;
import java.time.InstantSource;

/** Turns declared secrets into their values. May wait for a file or a vault, within deadlines; safe for all threads. */
@FunctionalInterface
public interface SecretResolver {
    Resolution resolve(Secret secret);

    /** The outcome of resolving. */
    sealed interface Resolution {
        record Found(String value) implements Resolution {
            @Override
            public String toString() {
                return "[redacted]";
            }
        }

        /** @param reason why, e.g. {@code environment variable X is not set}; never holds the secret */
        record Missing(String reason) implements Resolution {}
    }

    /** Literals only. */
    static SecretResolver literals() {
        return secret -> switch (secret) {
            case Secret.Literal literal -> new Resolution.Found(literal.value());
            case Secret.Reference reference ->
                new Resolution.Missing(reference + " cannot be resolved here (expected: the secret itself)");
        };
    }

    /**
     * Literals, environment variables, files, and a vault at the address in {@code VAULT_ADDR} with the token in
     * {@code VAULT_TOKEN}. Reads each time, but for what the vault was asked a moment ago.
     */
    static SecretResolver of(Environment environment, HttpClient client, InstantSource clock) {
        return new SecretSources(environment, new Vault(environment, client, clock));
    }
}
