package dev.sluice.simulator.gemini;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.UrlForm;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * {@code POST /token}: the place where the assertion of a service account is exchanged for an access token. Looks at the form of the assertion
 * and at its claims; the signature is believed.
 */
final class TokenVoice implements GoogleVoice {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final int LIFE_SECONDS = 3_599;
    private static final int MOST_LIFE_SECONDS = 3_600;

    @Override
    public String model(Heard heard) {
        return "";
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Map<String, String> form = form(heard.body());
        if (!GRANT.equals(form.get("grant_type"))) {
            throw rejected("unsupported_grant_type", "Invalid grant_type: " + form.get("grant_type"));
        }
        String[] parts = form.getOrDefault("assertion", "").split("\\.", -1);
        if (parts.length != 3 || parts[2].isEmpty()) {
            throw rejected("invalid_grant", "Invalid JWT: expected header, claims and signature");
        }
        if (!"RS256".equals(decoded(parts[0]).getValue("alg"))) {
            throw rejected("invalid_grant", "Invalid JWT: the algorithm must be RS256");
        }
        check(decoded(parts[1]));
        return Script.whole(
                new JsonObject()
                        .put("access_token", "ya29." + heard.id("token"))
                        .put("expires_in", LIFE_SECONDS)
                        .put("token_type", "Bearer"),
                Usage.ZERO,
                false);
    }

    private static void check(JsonObject claims) throws Rejection {
        for (String name : List.of("iss", "scope", "aud")) {
            if (!(claims.getValue(name) instanceof String text) || text.isEmpty()) {
                throw rejected("invalid_grant", "Invalid JWT: claim " + name + " is missing");
            }
        }
        if (!(claims.getValue("iat") instanceof Integer issued)
                || !(claims.getValue("exp") instanceof Integer expires)
                || expires <= issued
                || expires - issued > MOST_LIFE_SECONDS) {
            throw rejected(
                    "invalid_grant",
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.");
        }
    }

    private static Rejection rejected(String code, String message) {
        return new Rejection(new Complaint(400, message, null, code, null));
    }

    private static JsonObject decoded(String part) throws Rejection {
        try {
            return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | DecodeException _) {
            throw rejected("invalid_grant", "Invalid JWT: a part is not base64url of a JSON object");
        }
    }

    private static Map<String, String> form(String body) throws Rejection {
        try {
            return UrlForm.of(body);
        } catch (IllegalArgumentException _) {
            throw rejected("invalid_request", "The form is not well encoded");
        }
    }

    @Override
    public Script refusal(Complaint complaint) {
        String code = complaint.code();
        String message = complaint.message();
        return Script.error(
                complaint.status(),
                new JsonObject()
                        .put("error", code == null ? "invalid_grant" : code)
                        .put("error_description", message == null ? "The request is not valid." : message));
    }
}
