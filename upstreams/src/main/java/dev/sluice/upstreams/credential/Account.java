package dev.sluice.upstreams.credential;

import dev.sluice.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is exchanged for access tokens. */
sealed interface Account permits ServiceAccount, EntraApplication {
    /** As messages name it. */
    String noun();

    /** Where the exchange happens. */
    String tokenUri();

    /** The form that is posted there. */
    Future<String> tokenRequest(Vertx vertx, Instant now);

    /** Whether a key is meant to be an account; all others are single words. */
    static boolean isMeantBy(String secret) {
        return secret.stripLeading().startsWith("{");
    }

    /** Reads the JSON of an account; null if it is of neither kind. */
    static @Nullable Account parse(String secret) {
        Account service = ServiceAccount.parse(secret);
        if (service != null) return service;
        Json json = Json.parse(secret);
        return json == null ? null : EntraApplication.of(json);
    }
}
