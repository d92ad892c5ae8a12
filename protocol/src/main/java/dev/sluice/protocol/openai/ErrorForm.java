package dev.sluice.protocol.openai;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.json.JsonWriter;

/** Errors in OpenAI's form. */
final class ErrorForm {
    private ErrorForm() {}

    static byte[] body(ClientError error) {
        JsonWriter json = new JsonWriter();
        write(json, error);
        return json.toBytes();
    }

    /** Within a stream of chunks. */
    static byte[] chunk(ClientError error) {
        JsonWriter json = new JsonWriter().raw("data: ");
        write(json, error);
        return json.raw("\n\n").toBytes();
    }

    /** Within a stream of a response's events; flat, unlike the others. */
    static byte[] responseEvent(ClientError error) {
        return new JsonWriter()
                .raw("event: error\ndata: {\"type\":\"error\",\"code\":")
                .string(error.code())
                .raw(",\"message\":")
                .string(error.message())
                .raw(",\"param\":")
                .string(error.param())
                .raw(",\"sequence_number\":0}\n\n")
                .toBytes();
    }

    private static void write(JsonWriter json, ClientError error) {
        json.raw("{\"error\":{\"message\":")
                .string(error.message())
                .raw(",\"type\":")
                .string(error.type())
                .raw(",\"param\":")
                .string(error.param())
                .raw(",\"code\":")
                .string(error.code());
        if (!error.attempts().isEmpty()) attempts(json, error);
        json.raw("}}");
    }

    private static void attempts(JsonWriter json, ClientError error) {
        String separator = ",\"attempts\":[";
        for (ClientError.Attempt attempt : error.attempts()) {
            json.raw(separator)
                    .raw("{\"service\":")
                    .string(attempt.service())
                    .raw(",\"model\":")
                    .string(attempt.model())
                    .raw(",\"status\":")
                    .number(attempt.status())
                    .raw(",\"failure\":")
                    .string(attempt.failure())
                    .raw("}");
            separator = ",";
        }
        json.raw("]");
    }
}
