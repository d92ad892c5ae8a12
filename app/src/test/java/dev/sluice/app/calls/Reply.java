package dev.sluice.app.calls;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** What a client got. */
record Reply(int status, HttpHeaders headers, byte[] bytes) {
    static Reply of(HttpResponse<byte[]> response) {
        return new Reply(response.statusCode(), response.headers(), response.body());
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    JsonObject json() {
        return new JsonObject(text());
    }

    JsonObject error() {
        return json().getJsonObject("error");
    }

    /** The header's value, empty when it is absent. */
    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    String id() {
        return header("x-request-id");
    }
}
