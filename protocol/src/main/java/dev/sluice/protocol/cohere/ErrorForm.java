package dev.sluice.protocol.cohere;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.error.AttemptList;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;

/** Errors in Cohere's form. A stream tells them with its end. */
final class ErrorForm {
    private ErrorForm() {}

    static byte[] body(ClientError error) {
        return Json.object()
                .put("message", error.message())
                .put("code", error.code())
                .put("param", error.param())
                .putUnlessEmpty("attempts", AttemptList.of(error))
                .build()
                .toBytes();
    }

    static byte[] event(ClientError error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean late = error.status() == 408 || error.status() == 504;
        Json end = Json.object()
                .put("finish_reason", late ? "TIMEOUT" : "ERROR")
                .put("error", error.message())
                .build();
        StreamWriter.frame(
                "message-end",
                Json.object().put("type", "message-end").put("delta", end).build(),
                out);
        return out.toByteArray();
    }
}
