package dev.sluice.upstreams.credential;

import dev.sluice.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The managed identity that Azure gives the machine or the app that this process runs on. There is nothing to keep secret.
 *
 * @param endpoint null where keys may not use it
 * @param clientId of one of several; empty for the machine's or app's own
 * @param resource what the tokens are for
 */
record ManagedIdentity(@Nullable IdentityEndpoint endpoint, String clientId, String resource) implements Account {
    private static final String DEFAULT = "/.default";

    /** Null if the JSON asks for none. */
    static @Nullable ManagedIdentity of(Json json, @Nullable IdentityEndpoint endpoint) {
        if (!json.get("managedIdentity").isTrue()) return null;
        String scope = json.get("scope").text(EntraApplication.SCOPE);
        String resource = scope.endsWith(DEFAULT) ? scope.substring(0, scope.length() - DEFAULT.length()) : scope;
        return new ManagedIdentity(endpoint, json.get("clientId").text(""), resource);
    }

    @Override
    public String noun() {
        return "managed identity";
    }

    @Override
    public HttpMethod method() {
        return HttpMethod.GET;
    }

    @Override
    public String tokenUri() {
        return allowed().tokenUri(resource, clientId);
    }

    @Override
    public Map<String, String> headers() {
        return allowed().headers();
    }

    @Override
    public Future<String> tokenRequest(Vertx vertx, Instant now) {
        return endpoint == null ? Future.failedFuture(forbidden()) : Future.succeededFuture("");
    }

    /** The process said where, so that a key cannot. */
    @Override
    public boolean mayAskAnywhere() {
        return true;
    }

    /** While it is set up or moved, the service says that it is not there. */
    @Override
    public boolean isRefusedBy(int status) {
        return Account.super.isRefusedBy(status) && status != 404 && status != 410;
    }

    private IdentityEndpoint allowed() {
        if (endpoint == null) throw forbidden();
        return endpoint;
    }

    private static CredentialException forbidden() {
        return new CredentialException(
                true,
                "its key is the managed identity of this machine, which keys may not use (setting: --managed-identity)");
    }
}
