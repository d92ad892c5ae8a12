package dev.sluice.upstreams.credential;

import dev.sluice.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is exchanged for access tokens. */
sealed interface Account permits ServiceAccount, EntraApplication, ManagedIdentity {
    /** As messages name it. */
    String noun();

    /** Where the exchange happens. */
    String tokenUri();

    /** The form that is sent there; empty for none. */
    Future<String> tokenRequest(Vertx vertx, Instant now);

    default HttpMethod method() {
        return HttpMethod.POST;
    }

    default Map<String, String> headers() {
        return Map.of("content-type", "application/x-www-form-urlencoded");
    }

    /** Whether the exchange may happen where clouds hand their machines credentials. */
    default boolean mayAskAnywhere() {
        return false;
    }

    /** Whether a status of the exchange says that the account is at fault; else another try may do. */
    default boolean isRefusedBy(int status) {
        return status < 500 && status != 429;
    }

    /** Whether a key is meant to be an account; all others are single words. */
    static boolean isMeantBy(String secret) {
        return secret.stripLeading().startsWith("{");
    }

    /**
     * Reads the JSON of an account; null if it is of no kind.
     *
     * @param identity where managed identities get tokens; null where keys may not use them
     */
    static @Nullable Account parse(String secret, @Nullable IdentityEndpoint identity) {
        Account service = ServiceAccount.parse(secret);
        if (service != null) return service;
        Json json = Json.parse(secret);
        if (json == null) return null;
        Account managed = ManagedIdentity.of(json, identity);
        return managed == null ? EntraApplication.of(json) : managed;
    }
}
