package dev.sluice.protocol.cohere;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.error.AttemptList;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;

/** Errors in Cohere's form, which is little more than a message. */
final class ErrorForm {
    private ErrorForm() {}

    static byte[] body(ClientError error) {
        return Json.object()
                .put("message", error.message())
                .put("code", error.code())
                .put("type", error.type())
                .put("param", error.param())
                .putUnlessEmpty("attempts", AttemptList.of(error))
                .build()
                .toBytes();
    }

    static byte[] event(ClientError error) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("event: error\ndata: ".getBytes(US_ASCII));
        out.writeBytes(body(error));
        out.writeBytes("\n\n".getBytes(US_ASCII));
        return out.toByteArray();
    }
}
