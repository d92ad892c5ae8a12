package dev.sluice.upstreams.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Tencent Cloud's TC3-HMAC-SHA256 over content type and host.
 *
 * @see <a href="https://cloud.tencent.com/document/api/1729/101843">Tencent Cloud</a>
 */
final class TencentSignature {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);
    private static final String SIGNED = "content-type;host";

    private TencentSignature() {}

    /** @param secret {@code SECRET_ID:SECRET_KEY[:TOKEN]} */
    static void sign(OutgoingCall call, String secret, String service, Instant now) {
        String[] parts = secret.split(":", 3);
        String id = parts[0];
        String key = parts.length > 1 ? parts[1] : "";
        String contentType = call.headers().get("content-type");
        if (contentType == null) {
            contentType = "application/json";
            call.headers().set("content-type", contentType);
        }
        call.headers().set("x-tc-timestamp", Long.toString(now.getEpochSecond()));
        if (parts.length == 3) call.headers().set("x-tc-token", parts[2]);
        call.headers()
                .set("authorization", authorization(id, key, service, call.host(), contentType, call.body(), now));
    }

    static String authorization(
            String id, String key, String service, String host, String contentType, byte[] body, Instant now) {
        String date = DATE.format(now);
        String scope = date + "/" + service + "/tc3_request";
        String canonical = "POST\n/\n\ncontent-type:" + contentType + "\nhost:" + host + "\n\n" + SIGNED + "\n"
                + Hashes.sha256Hex(body);
        String toSign = "TC3-HMAC-SHA256\n" + now.getEpochSecond() + "\n" + scope + "\n" + Hashes.sha256Hex(canonical);
        byte[] dateKey = Hashes.hmac(("TC3" + key).getBytes(UTF_8), date);
        byte[] signingKey = Hashes.hmac(Hashes.hmac(dateKey, service), "tc3_request");
        return "TC3-HMAC-SHA256 Credential=" + id + "/" + scope + ", SignedHeaders=" + SIGNED + ", Signature="
                + Hashes.hmacHex(signingKey, toSign);
    }
}
