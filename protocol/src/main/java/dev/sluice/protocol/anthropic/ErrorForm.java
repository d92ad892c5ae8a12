package dev.sluice.protocol.anthropic;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.error.AttemptList;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;

/** Errors in Anthropic's form, with the types that its clients know. */
final class ErrorForm {
    private ErrorForm() {}

    static byte[] body(ClientError error) {
        Json told = Json.object()
                .put("type", type(error))
                .put("message", error.message())
                .put("code", error.code())
                .put("param", error.param())
                .putUnlessEmpty("attempts", AttemptList.of(error))
                .build();
        return Json.object().put("type", "error").put("error", told).build().toBytes();
    }

    static byte[] event(ClientError error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("event: error\ndata: ".getBytes(US_ASCII));
        out.writeBytes(body(error));
        out.writeBytes("\n\n".getBytes(US_ASCII));
        return out.toByteArray();
    }

    private static String type(ClientError error) {
        if (error.code().equals("insufficient_quota")) return "billing_error";
        return switch (error.status()) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 408, 504 -> "timeout_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 503, 529 -> "overloaded_error";
            default -> error.status() < 500 ? "invalid_request_error" : "api_error";
        };
    }
}
