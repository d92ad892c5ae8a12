package dev.sluice.simulator.hunyuan;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be told of a TC3 signature without the key that made it: whether all its parts are there and belong to this request. A request
 * without any signature is let through, as keys are everywhere.
 */
final class Signature {
    static final String AUTHORIZATION = "authorization";
    static final String TIMESTAMP = "x-tc-timestamp";

    private static final Pattern FORM =
            Pattern.compile("TC3-HMAC-SHA256 Credential=([^/ ]+)/(\\d{4}-\\d\\d-\\d\\d)/([a-z]+)/tc3_request, ?"
                    + "SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}");

    private Signature() {}

    static void check(Heard heard) throws Rejection {
        String authorization = heard.cue(AUTHORIZATION);
        if (authorization.isEmpty()) {
            return;
        }
        Matcher parts = FORM.matcher(authorization);
        if (!parts.matches()) {
            throw wrong(
                    "AuthFailure.InvalidAuthorization", "the header Authorization has not the form of TC3-HMAC-SHA256");
        }
        String timestamp = heard.cue(TIMESTAMP);
        if (!timestamp.matches("\\d{1,12}")) {
            throw wrong("MissingParameter", "X-TC-Timestamp: \"" + timestamp + "\" (expected: seconds since 1970)");
        }
        String day = Instant.ofEpochSecond(Long.parseLong(timestamp))
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
        if (!parts.group(2).equals(day)) {
            throw failure("the scope is of " + parts.group(2) + ", the timestamp of " + day);
        }
        if (!parts.group(3).equals("hunyuan")) {
            throw failure("the scope is of the service " + parts.group(3) + ", not of hunyuan");
        }
        if (!List.of(parts.group(4).split(";")).containsAll(List.of("content-type", "host"))) {
            throw failure("content-type and host are not among the signed headers " + parts.group(4));
        }
    }

    private static Rejection failure(String message) {
        return wrong("AuthFailure.SignatureFailure", message);
    }

    private static Rejection wrong(String code, String message) {
        return new Rejection(new Complaint(401, message, null, code, null));
    }
}
