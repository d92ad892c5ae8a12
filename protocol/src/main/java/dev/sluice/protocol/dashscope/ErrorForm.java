package dev.sluice.protocol.dashscope;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.error.AttemptList;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;

/** Errors in DashScope's form, with the codes that its clients know. The id of the request stands in a header. */
final class ErrorForm {
    private ErrorForm() {}

    static byte[] body(ClientError error) {
        return Json.object()
                .put("code", code(error))
                .put("message", error.message())
                .put("reason", error.code())
                .put("param", error.param())
                .putUnlessEmpty("attempts", AttemptList.of(error))
                .build()
                .toBytes();
    }

    static byte[] event(ClientError error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("event:error\n:HTTP_STATUS/" + error.status() + "\ndata:").getBytes(US_ASCII));
        out.writeBytes(body(error));
        out.writeBytes("\n\n".getBytes(US_ASCII));
        return out.toByteArray();
    }

    private static String code(ClientError error) {
        return switch (error.status()) {
            case 401 -> "InvalidApiKey";
            case 402 -> "Arrearage";
            case 403 -> "AccessDenied";
            case 404 -> "ModelNotFound";
            case 408, 504 -> "RequestTimeOut";
            case 429 -> "Throttling.RateQuota";
            case 503, 529 -> "ServiceUnavailable";
            default -> error.status() < 500 ? "InvalidParameter" : "InternalError";
        };
    }
}
