package dev.sluice.proxy;

import dev.sluice.protocol.ClientError;
import dev.sluice.proxy.Refusals.Reason;
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

    private final RequestIds ids;
    private final Refusals refusals;
    private final ClientAddresses addresses;

    InvalidRequest(RequestIds ids, Refusals refusals, ClientAddresses addresses) {
        this.addresses = addresses;
        this.ids = ids;
        this.refusals = refusals;
    }

    /** For what the server could not read. */
    void answer(HttpServerRequest request) {
        switch (request.decoderResult().cause()) {
            case TooLongHttpLineException _ ->
                answer(request, Reason.URL_TOO_LONG, "the request line is too long (setting: --max-url-bytes)");
            case TooLongHttpHeaderException _ ->
                answer(request, Reason.HEADERS_TOO_LONG, "the headers are too long (setting: --max-header-bytes)");
            case null, default -> answer(request, Reason.MALFORMED, "the request is not valid HTTP");
        }
    }

    /** Answers and closes an HTTP/1 connection: nothing that follows on it can be trusted. */
    void answer(HttpServerRequest request, Reason reason, String message) {
        String id = ids.next();
        refusals.add(reason, id, addresses.of(request), message);
        ClientError error = new ClientError(
                reason.status(), "invalid_request_error", "invalid_request_error", message, null, List.of());
        HttpServerResponse response = request.response();
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader("connection", "close");
            // Closes after the answer; what else is in the pipe is not looked at.
            var _ = request.connection().shutdown(CLOSING_SECONDS, TimeUnit.SECONDS);
        }
        var _ = response.setStatusCode(error.status())
                .putHeader("content-type", "application/json")
                .putHeader(AnswerHeaders.REQUEST_ID, id)
                .putHeader(AnswerHeaders.ERROR_SOURCE, "gateway")
                .end(Buffer.buffer(WireFormats.forErrors(null).errorBody(error)));
    }
}
