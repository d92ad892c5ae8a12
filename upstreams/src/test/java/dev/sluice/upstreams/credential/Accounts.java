package dev.sluice.upstreams.credential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Service accounts of nobody, made for these tests. */
public final class Accounts {
    private Accounts() {}

    public static String json() {
        try (InputStream in = Objects.requireNonNull(Accounts.class.getResourceAsStream("service-account.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String json(String tokenUri) {
        return json().replace("https://oauth2.googleapis.com/token", tokenUri);
    }

    static ServiceAccount parsed(String json) {
        return Objects.requireNonNull(ServiceAccount.parse(json));
    }
}
