package dev.sluice.upstreams.credential;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where Azure gives a machine or an app the tokens of its managed identity.
 *
 * @param url without a query
 * @param header what an app must show there; empty on a machine
 */
public record IdentityEndpoint(String url, String header) {
    /**
     * The instance metadata service of a machine.
     *
     * @see <a href="https://learn.microsoft.com/en-us/entra/identity/managed-identities-azure-resources/how-to-use-vm-token">Microsoft</a>
     */
    public static final IdentityEndpoint OF_MACHINE =
            new IdentityEndpoint("http://169.254.169.254/metadata/identity/oauth2/token", "");

    /**
     * @param clientId of one of several identities; empty for the machine's or app's own
     * @see <a href="https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity">Microsoft, of apps</a>
     */
    String tokenUri(String resource, String clientId) {
        String of = clientId.isEmpty() ? "" : "&client_id=" + encoded(clientId);
        return url + "?api-version=" + (header.isEmpty() ? "2018-02-01" : "2019-08-01") + "&resource="
                + encoded(resource) + of;
    }

    Map<String, String> headers() {
        return header.isEmpty() ? Map.of("metadata", "true") : Map.of("x-identity-header", header);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Without the header. */
    @Override
    public String toString() {
        return url;
    }
}
