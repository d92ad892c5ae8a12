package dev.sluice.upstreams.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An application of Microsoft Entra ID, with a secret or with a file that holds the token of another issuer (workload identity).
 *
 * @param authority where its cloud gives out tokens, without a closing slash
 * @param clientSecret empty where the file stands for it
 * @param tokenFile a JSON web token, written anew by whoever issues it before it ends
 * @param scope what the tokens are for
 * @see <a href="https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow">Microsoft</a>
 */
record EntraApplication(
        String authority, String tenantId, String clientId, String clientSecret, String tokenFile, String scope)
        implements Account {
    private static final String PUBLIC_CLOUD = "https://login.microsoftonline.com";
    static final String SCOPE = "https://cognitiveservices.azure.com/.default";
    private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9.-]+");

    /** An application by the names that Azure's own tools write; null if something is missing. */
    static @Nullable EntraApplication of(Json json) {
        String authority =
                json.get("activeDirectoryEndpointUrl").text(PUBLIC_CLOUD).replaceAll("/+$", "");
        EntraApplication found = new EntraApplication(
                authority,
                json.get("tenantId").text(""),
                json.get("clientId").text(""),
                json.get("clientSecret").text(""),
                json.get("federatedTokenFile").text(""),
                json.get("scope").text(SCOPE));
        boolean complete = TENANT.matcher(found.tenantId).matches()
                && !found.clientId.isEmpty()
                && (!found.clientSecret.isEmpty() || !found.tokenFile.isEmpty());
        return complete ? found : null;
    }

    @Override
    public String noun() {
        return "Entra application";
    }

    @Override
    public String tokenUri() {
        return authority + "/" + tenantId + "/oauth2/v2.0/token";
    }

    @Override
    public Future<String> tokenRequest(Vertx vertx, Instant now) {
        String form = "grant_type=client_credentials&client_id=" + encoded(clientId) + "&scope=" + encoded(scope);
        if (!clientSecret.isEmpty()) return Future.succeededFuture(form + "&client_secret=" + encoded(clientSecret));
        return vertx.fileSystem()
                .readFile(tokenFile)
                .map(token -> form + "&client_assertion_type=" + encoded(ASSERTION) + "&client_assertion="
                        + encoded(token.toString(UTF_8).strip()))
                .recover(_ -> Future.failedFuture(
                        new CredentialException(false, "the token file of the Entra application cannot be read")));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return noun() + " " + clientId;
    }
}
