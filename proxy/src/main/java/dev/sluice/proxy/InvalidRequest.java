package dev.sluice.proxy;

import dev.sluice.protocol.ClientError;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The answer to bytes that are not a request, or none that every server would read in the same way. */
final class InvalidRequest {
    private static final long CLOSING_SECONDS = 5;

    private InvalidRequest() {}

    /** For what the server could not read. */
    static void answer(HttpServerRequest request) {
        switch (request.decoderResult().cause()) {
            case TooLongHttpLineException _ ->
                answer(request, 414, "the request line is too long (setting: --max-url-bytes)");
            case TooLongHttpHeaderException _ ->
                answer(request, 431, "the headers are too long (setting: --max-header-bytes)");
            case null, default -> answer(request, 400, "the request is not valid HTTP");
        }
    }

    /** Answers and closes an HTTP/1 connection: nothing that follows on it can be trusted. */
    static void answer(HttpServerRequest request, int status, String message) {
        ClientError error =
                new ClientError(status, "invalid_request_error", "invalid_request_error", message, null, List.of());
        HttpServerResponse response = request.response();
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader("connection", "close");
            // Closes after the answer; what else is in the pipe is not looked at.
            var _ = request.connection().shutdown(CLOSING_SECONDS, TimeUnit.SECONDS);
        }
        var _ = response.setStatusCode(error.status())
                .putHeader("content-type", "application/json")
                .putHeader("x-sluice-error-source", "gateway")
                .end(Buffer.buffer(WireFormats.forErrors(null).errorBody(error)));
    }
}
