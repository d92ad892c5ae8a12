package dev.sluice.proxy;

import dev.sluice.protocol.ClientError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** The answer to bytes that are not a request that the server could read. */
final class InvalidRequest {
    private InvalidRequest() {}

    static void answer(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        boolean tooLong = cause instanceof io.netty.handler.codec.http.TooLongHttpHeaderException
                || cause instanceof io.netty.handler.codec.http.TooLongHttpLineException;
        ClientError error = new ClientError(
                tooLong ? 431 : 400,
                "invalid_request_error",
                "invalid_request_error",
                tooLong ? "the request line or a header is too long" : "the request is not valid HTTP",
                null,
                List.of());
        request.response()
                .setStatusCode(error.status())
                .putHeader("content-type", "application/json")
                .putHeader("x-sluice-error-source", "gateway")
                .end(Buffer.buffer(WireFormats.forErrors(null).errorBody(error)))
                .onComplete(_ -> request.connection().close());
    }
}
