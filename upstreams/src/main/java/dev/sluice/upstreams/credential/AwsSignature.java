package dev.sluice.upstreams.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.PathSegment;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * AWS signature version 4. The path is encoded once more than it goes over the wire, as for every service but S3, so that a
 * model id sent as {@code x%3A0} is signed as {@code x%253A0}.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS</a>
 */
final class AwsSignature {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private AwsSignature() {}

    /** @param sessionToken of temporary credentials; null for lasting ones */
    record AccessKey(String id, String secret, @Nullable String sessionToken) {
        /** Reads {@code ID:SECRET[:SESSION_TOKEN]}; null if the text is another kind of key. */
        static @Nullable AccessKey parse(String text) {
            String[] parts = text.split(":", 3);
            if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) return null;
            return new AccessKey(parts[0], parts[1], parts.length == 3 ? parts[2] : null);
        }
    }

    /** What is signed for: a service in a region. */
    record Scope(String region, String service) {}

    static void sign(OutgoingCall call, AccessKey key, Scope scope, Instant now) {
        String time = TIME.format(now);
        String bodyHash = Hashes.sha256Hex(call.body());
        call.headers().set("x-amz-date", time);
        call.headers().set("x-amz-content-sha256", bodyHash);
        if (key.sessionToken() != null) call.headers().set("x-amz-security-token", key.sessionToken());
        TreeMap<String, String> signed = new TreeMap<>();
        signed.put("host", call.host());
        signed.put("x-amz-date", time);
        signed.put("x-amz-content-sha256", bodyHash);
        String contentType = call.headers().get("content-type");
        if (contentType != null) signed.put("content-type", contentType.strip());
        if (key.sessionToken() != null) signed.put("x-amz-security-token", key.sessionToken());
        call.headers().set("authorization", authorization(call, key, scope, time, bodyHash, signed));
    }

    static String authorization(
            OutgoingCall call,
            AccessKey key,
            Scope scope,
            String time,
            String bodyHash,
            SortedMap<String, String> headers) {
        String date = time.substring(0, 8);
        String credential = date + "/" + scope.region() + "/" + scope.service() + "/aws4_request";
        int question = call.target().indexOf('?');
        String path = question < 0 ? call.target() : call.target().substring(0, question);
        String query = question < 0 ? "" : call.target().substring(question + 1);
        StringBuilder canonical = new StringBuilder()
                .append(call.method())
                .append('\n')
                .append(canonicalPath(path))
                .append('\n')
                .append(canonicalQuery(query))
                .append('\n');
        headers.forEach((name, value) ->
                canonical.append(name).append(':').append(value).append('\n'));
        String names = String.join(";", headers.keySet());
        canonical.append('\n').append(names).append('\n').append(bodyHash);
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + credential + "\n" + Hashes.sha256Hex(canonical.toString());
        byte[] dateKey = Hashes.hmac(("AWS4" + key.secret()).getBytes(UTF_8), date);
        byte[] serviceKey = Hashes.hmac(Hashes.hmac(dateKey, scope.region()), scope.service());
        String signature = Hashes.hmacHex(Hashes.hmac(serviceKey, "aws4_request"), toSign);
        return "AWS4-HMAC-SHA256 Credential=" + key.id() + "/" + credential + ", SignedHeaders=" + names
                + ", Signature=" + signature;
    }

    private static String canonicalPath(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) segments.add(PathSegment.encode(segment));
        return String.join("/", segments);
    }

    private static String canonicalQuery(String query) {
        if (query.isEmpty()) return "";
        List<String> pairs = new ArrayList<>(List.of(query.split("&")));
        pairs.replaceAll(pair -> pair.indexOf('=') < 0 ? pair + "=" : pair);
        pairs.sort(null);
        return String.join("&", pairs);
    }
}
