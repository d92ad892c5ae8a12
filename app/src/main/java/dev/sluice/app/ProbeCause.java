package dev.sluice.app;

import dev.sluice.protocol.openai.OpenAi;
import java.nio.charset.StandardCharsets;

/** Why a connection test failed, in plain words, from the error that a client would have got. */
final class ProbeCause {
    private ProbeCause() {}

    static String of(String errorBody, int status) {
        var error = OpenAi.readError(errorBody.getBytes(StandardCharsets.UTF_8));
        String said = error.message().isEmpty() ? "HTTP " + status : error.message();
        String code = error.code() == null ? "" : error.code();
        return switch (code) {
            case "upstream_auth" -> "the provider does not accept the key: " + said;
            case "model_not_found" -> "the provider does not know the model: " + said;
            case "upstream_timeout", "first_packet_timeout" -> "the provider is too slow: " + said;
            case "no_model_service" -> "the service is not usable: " + said;
            default -> status == 429 ? "the provider limits the rate or the balance is used up: " + said : said;
        };
    }
}
