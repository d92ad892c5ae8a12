package dev.sluice.proxy;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.WireFormat;
import dev.sluice.settings.Operation;
import dev.sluice.traffic.failure.ClientAnswer;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.usage.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells a client what went wrong, in its own protocol's form, and ends the call. */
final class ErrorAnswer {
    private static final long LINGER_MILLIS = 2_000;

    private final Settler settler;
    private final Vertx vertx;

    ErrorAnswer(Settler settler, Vertx vertx) {
        this.settler = settler;
        this.vertx = vertx;
    }

    Vertx vertx() {
        return vertx;
    }

    /** The gateway itself refuses the call. */
    void refuse(Exchange x, Failure failure) {
        if (x.ended) return;
        if (x.awaitsContinue && x.request.version() != HttpVersion.HTTP_2) {
            // Whether the body comes all the same is the client's choice, so where the next request begins is unknown.
            x.response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            x.request.connection().shutdown(LINGER_MILLIS, TimeUnit.MILLISECONDS);
        }
        ClientError error = new ClientError(
                failure.kind().status(),
                failure.kind().type(),
                failure.kind().code(),
                failure.message(),
                failure.param(),
                List.of());
        write(x, error, "gateway", failure.retryAfterMillis());
        settler.end(x, Outcome.REFUSED, error.status(), failure.kind().label());
    }

    /**
     * Like {@link #refuse}, for a request whose body is not going to be used. What still comes is read and thrown away
     * for a moment, then the connection closes: closing at once would reset it and take the answer away from a client
     * that is still sending.
     */
    void refuseAndClose(Exchange x, Failure failure) {
        if (x.ended) return;
        linger(x);
        refuse(x, failure);
    }

    /** Throws away what still comes of a request, for a moment; then its connection closes. */
    void linger(Exchange x) {
        HttpConnection connection = x.request.connection();
        boolean shared = x.request.version() == HttpVersion.HTTP_2;
        long closing = vertx.setTimer(LINGER_MILLIS, _ -> {
            if (shared) x.response.reset();
            else connection.close();
        });
        x.request.handler(_ -> {});
        x.request.endHandler(_ -> vertx.cancelTimer(closing));
        x.request.resume();
    }

    /** Nothing is left to try. The last upstream's own body is passed on where the failure is the caller's business. */
    void attemptsFailed(Exchange x, Refusal.@Nullable Shown shown) {
        if (x.ended) return;
        List<Failure> failures = new ArrayList<>(x.failures.size());
        List<ClientError.Attempt> attempts = new ArrayList<>(x.failures.size());
        for (Exchange.FailedAttempt f : x.failures) {
            failures.add(f.failure());
            attempts.add(new ClientError.Attempt(
                    f.target().service().name(),
                    f.target().model(),
                    f.failure().upstreamStatus(),
                    f.failure().kind().label()));
        }
        ClientAnswer answer = ClientAnswer.of(failures);
        Failure last = failures.getLast();
        boolean ownTrouble =
                x.operation() == Operation.OPAQUE && x.failures.size() == 1 && last.upstreamStatus() >= 500;
        if (ownTrouble && shown != null) {
            writeOwn(x, last.upstreamStatus(), shown);
        } else if (isCallersBusiness(last) && last.upstreamStatus() == answer.status() && shown != null) {
            WireFormats.forErrors(x.wire).errorHeaders(answer.toError(attempts)).forEach(x.response::putHeader);
            writeOwn(x, answer.status(), shown);
        } else {
            if (x.failures.size() > 1) x.response.putHeader(AnswerHeaders.SHOULD_RETRY, "false");
            write(x, answer.toError(attempts), last.isUpstream() ? "upstream" : "gateway", answer.retryAfterMillis());
        }
        settler.end(x, Outcome.UPSTREAM_FAILED, answer.status(), last.kind().label());
    }

    /** Whether the upstream found fault with the request itself: then its own words help the caller most. */
    private static boolean isCallersBusiness(Failure failure) {
        return switch (failure.kind()) {
            case UPSTREAM_REFUSED,
                    UPSTREAM_MODEL_NOT_FOUND,
                    CONVERSATION_NOT_FOUND,
                    THING_NOT_FOUND,
                    CONTENT_FILTERED,
                    CONTEXT_TOO_LONG -> true;
            default -> false;
        };
    }

    private void writeOwn(Exchange x, int status, Refusal.Shown shown) {
        HttpServerResponse response = x.response;
        if (response.headWritten() || response.closed()) return;
        AnswerHeaders.put(x, response.headers());
        x.responseBytes += shown.body().length;
        response.setStatusCode(status)
                .putHeader(AnswerHeaders.CONTENT_TYPE, shown.contentType())
                .putHeader(AnswerHeaders.ERROR_SOURCE, "upstream")
                .end(Buffer.buffer(shown.body()));
    }

    private static void write(Exchange x, ClientError error, String source, long retryAfterMillis) {
        HttpServerResponse response = x.response;
        if (response.headWritten() || response.closed()) return;
        WireFormat wire = WireFormats.forErrors(x.wire);
        byte[] body = wire.errorBody(error);
        wire.errorHeaders(error).forEach(response::putHeader);
        AnswerHeaders.put(x, response.headers());
        if (retryAfterMillis >= 0 && (error.status() == 429 || error.status() == 503)) {
            response.putHeader(AnswerHeaders.RETRY_AFTER, Long.toString((retryAfterMillis + 999) / 1000));
        }
        x.responseBytes += body.length;
        response.setStatusCode(wire.errorStatus(error))
                .putHeader(AnswerHeaders.CONTENT_TYPE, AnswerHeaders.JSON)
                .putHeader(AnswerHeaders.ERROR_SOURCE, source)
                .end(Buffer.buffer(body));
    }
}
