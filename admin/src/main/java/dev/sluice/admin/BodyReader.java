package dev.sluice.admin;

import dev.sluice.admin.api.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Collects a request body up to a limit and within a deadline. */
final class BodyReader {
    private final Vertx vertx;
    private final int maxBytes;
    private final long deadlineMillis;

    BodyReader(Vertx vertx, int maxBytes, long deadlineMillis) {
        this.vertx = vertx;
        this.maxBytes = maxBytes;
        this.deadlineMillis = deadlineMillis;
    }

    /** What a body that is announced or found to be larger than the limit gets. */
    Refusal tooLarge() {
        return Refusal.of(413, "too_large", "the body is larger than " + maxBytes + " bytes");
    }

    boolean announcedTooLarge(long contentLength) {
        return contentLength > maxBytes;
    }

    /** Fails with a {@link Refusal} for a body that is too large or too slow. */
    Future<byte[]> read(HttpServerRequest request) {
        Promise<byte[]> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(
                deadlineMillis,
                _ -> whole.tryFail(Refusal.of(
                        408, "request_timeout", "the body did not arrive within " + deadlineMillis + " ms")));
        request.handler(chunk -> {
            if (body.length() + chunk.length() > maxBytes) whole.tryFail(tooLarge());
            else if (!whole.future().isComplete()) body.appendBuffer(chunk);
        });
        request.exceptionHandler(whole::tryFail);
        request.endHandler(_ -> whole.tryComplete(body.getBytes()));
        request.resume();
        return whole.future().onComplete(_ -> vertx.cancelTimer(timer));
    }
}
