package dev.sluice.protocol.gemini;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.error.AttemptList;
import dev.sluice.protocol.json.Json;
import java.util.List;

/** Errors in Google's form, with the names of states that its clients know. */
final class ErrorForm {
    private ErrorForm() {}

    static byte[] body(ClientError error) {
        Json info = Json.object()
                .put("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                .put("reason", error.code())
                .put("domain", "sluice")
                .build();
        Json told = Json.object()
                .put("code", error.status())
                .put("message", error.message())
                .put("status", state(error.status()))
                .put("details", Json.array(List.of(info)))
                .put("param", error.param())
                .putUnlessEmpty("attempts", AttemptList.of(error))
                .build();
        return Json.object().put("error", told).build().toBytes();
    }

    static byte[] event(ClientError error) {
        return Members.frame(body(error));
    }

    private static String state(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 402, 429 -> "RESOURCE_EXHAUSTED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 408, 504 -> "DEADLINE_EXCEEDED";
            case 409 -> "ABORTED";
            case 501 -> "UNIMPLEMENTED";
            case 503, 529 -> "UNAVAILABLE";
            default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
        };
    }
}
