package dev.sluice.simulator.entra;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.UrlForm;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * {@code POST /TENANT/oauth2/v2.0/token}: client credentials, with a secret or the assertion of another issuer, which are believed.
 *
 * @see <a href="https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-client-creds-grant-flow">Microsoft</a>
 */
final class TokenVoice implements RejectingVoice {
    private static final int LIFE_SECONDS = 3_599;
    private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    @Override
    public String model(Heard heard) {
        return "";
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Map<String, String> form = form(heard.body());
        if (!"client_credentials".equals(form.get("grant_type")))
            throw rejected(400, "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type.");
        if (form.getOrDefault("client_id", "").isEmpty())
            throw rejected(400, "invalid_request", "AADSTS900144: The request body must contain 'client_id'.");
        if (!form.getOrDefault("scope", "").endsWith("/.default"))
            throw rejected(400, "invalid_scope", "AADSTS1002012: The provided value for scope is not valid.");
        boolean asserted = ASSERTION.equals(form.get("client_assertion_type"))
                && form.getOrDefault("client_assertion", "").split("\\.", -1).length == 3;
        if (!asserted && form.getOrDefault("client_secret", "").isEmpty())
            throw rejected(
                    401,
                    "invalid_client",
                    "AADSTS7000216: 'client_assertion', 'client_secret' or 'request' is required.");
        return Script.whole(
                new JsonObject()
                        .put("token_type", "Bearer")
                        .put("expires_in", LIFE_SECONDS)
                        .put("ext_expires_in", LIFE_SECONDS)
                        .put("access_token", "eyJ0." + heard.id("token")),
                Usage.ZERO,
                false);
    }

    private static Map<String, String> form(String body) throws Rejection {
        try {
            return UrlForm.of(body);
        } catch (IllegalArgumentException _) {
            throw rejected(400, "invalid_request", "AADSTS900144: The request body is not well encoded.");
        }
    }

    private static Rejection rejected(int status, String code, String message) {
        return new Rejection(new Complaint(status, message, null, code, null));
    }

    @Override
    public Script refusal(Complaint complaint) {
        return Script.error(complaint.status(), error(complaint));
    }

    @Override
    public Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return event(error(complaint).encode(), eventsBefore);
    }

    static JsonObject error(Complaint complaint) {
        String code = complaint.code();
        String message = complaint.message();
        return new JsonObject()
                .put("error", code == null ? "invalid_request" : code)
                .put("error_description", message == null ? "The request is not valid." : message);
    }
}
