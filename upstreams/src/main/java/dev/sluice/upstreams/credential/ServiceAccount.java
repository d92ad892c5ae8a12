package dev.sluice.upstreams.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A Google service account, and the assertion that it exchanges for an access token.
 *
 * @param tokenUri where the exchange happens
 * @param projectId empty if the JSON does not say
 * @see <a href="https://developers.google.com/identity/protocols/oauth2/service-account">Google</a>
 */
public record ServiceAccount(
        String clientEmail, String privateKeyId, String tokenUri, String projectId, PrivateKey privateKey)
        implements Account {
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String GOOGLE = "https://oauth2.googleapis.com/token";
    private static final int LIFETIME_SECONDS = 3600;

    /** Reads the JSON of a service account; null if the text is something else, such as an express key. */
    public static @Nullable ServiceAccount parse(String text) {
        if (!text.stripLeading().startsWith("{")) return null;
        Json json = Json.parse(text);
        if (json == null) return null;
        PrivateKey key = privateKey(json.get("private_key").text(""));
        if (key == null) return null;
        return new ServiceAccount(
                json.get("client_email").text(""),
                json.get("private_key_id").text(""),
                json.get("token_uri").text(GOOGLE),
                json.get("project_id").text(""),
                key);
    }

    @Override
    public String noun() {
        return "service account";
    }

    @Override
    public Future<String> tokenRequest(Vertx vertx, Instant now) {
        return Future.succeededFuture(tokenRequest(now));
    }

    String tokenRequest(Instant now) {
        return "grant_type=" + URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", UTF_8) + "&assertion="
                + assertion(now);
    }

    String assertion(Instant now) {
        long issued = now.getEpochSecond();
        Json header = Json.object()
                .put("alg", "RS256")
                .put("typ", "JWT")
                .put("kid", privateKeyId)
                .build();
        Json claims = Json.object()
                .put("iss", clientEmail)
                .put("scope", SCOPE)
                .put("aud", tokenUri)
                .put("iat", issued)
                .put("exp", issued + LIFETIME_SECONDS)
                .build();
        String signed = base64(header.toBytes()) + "." + base64(claims.toBytes());
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(privateKey);
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot sign with RSA", e);
        }
    }

    private static @Nullable PrivateKey privateKey(String pem) {
        String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            byte[] der = Base64.getDecoder().decode(base64);
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return null;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
