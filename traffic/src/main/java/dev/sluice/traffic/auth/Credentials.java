package dev.sluice.traffic.auth;

import org.jspecify.annotations.Nullable;

/**
 * What a request shows to prove who is calling; the fields are the raw values of the places a key may be in.
 *
 * @param authorization the {@code Authorization} header
 * @param xApiKey the {@code x-api-key} header
 * @param apiKey the {@code api-key} header, as clients of Azure send it
 * @param xGoogApiKey the {@code x-goog-api-key} header
 * @param custom the value in the Model API's own header, or in the query parameter for keys
 * @param remoteIp literal address of the peer
 */
public record Credentials(
        @Nullable String authorization,
        @Nullable String xApiKey,
        @Nullable String apiKey,
        @Nullable String xGoogApiKey,
        @Nullable String custom,
        String remoteIp) {
    @Override
    public String toString() {
        return "credentials from " + remoteIp;
    }
}
