package dev.sluice.admin;

import dev.sluice.admin.api.Answer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Puts answers on the wire, with the headers that every answer has. */
final class AnswerWriter {
    /** Characters gathered before a piece of a long answer is sent. */
    private static final int PIECE = 16 * 1024;

    private final long writeDeadlineMillis;

    AnswerWriter(long writeDeadlineMillis) {
        this.writeDeadlineMillis = writeDeadlineMillis;
    }

    /** Sets what does not depend on the answer; called before anything else. */
    static void prepare(HttpServerResponse response, String requestId) {
        response.putHeader("x-request-id", requestId)
                .putHeader("cache-control", "no-store")
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("x-frame-options", "DENY")
                .putHeader("referrer-policy", "no-referrer")
                .putHeader("cross-origin-resource-policy", "same-origin")
                .putHeader(
                        "content-security-policy",
                        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    }

    /** Writes a whole answer. Runs on the event loop of the request. */
    static Future<Void> write(HttpServerRequest request, Answer.Whole answer) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) return Future.succeededFuture();
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader("content-length", Integer.toString(answer.body().length));
            return response.end();
        }
        return answer.status() == 204 ? response.end() : response.end(Buffer.buffer(answer.body()));
    }

    /**
     * Sends a long answer from a virtual thread, never further ahead of the caller than one piece.
     *
     * @return false if the caller went away or reads too slowly; the connection must then be closed
     */
    boolean send(Context context, HttpServerRequest request, Answer.Streamed answer) {
        try (Stream<String> pieces = answer.pieces()) {
            HttpServerResponse response = request.response();
            await(context, () -> {
                response.setStatusCode(answer.status()).setChunked(true);
                answer.headers().forEach(response::putHeader);
                return Future.succeededFuture();
            });
            StringBuilder gathered = new StringBuilder();
            Iterator<String> each = pieces.iterator();
            while (!request.method().equals(HttpMethod.HEAD) && each.hasNext()) {
                gathered.append(each.next());
                if (gathered.length() < PIECE) continue;
                Buffer piece = Buffer.buffer(gathered.toString());
                gathered.setLength(0);
                await(context, () -> response.write(piece));
            }
            await(context, () -> response.end(gathered.toString()));
            return true;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void await(Context context, java.util.function.Supplier<Future<Void>> step)
            throws ExecutionException, InterruptedException, TimeoutException {
        Promise<Void> done = Promise.promise();
        context.runOnContext(_ -> {
            try {
                step.get().onComplete(done);
            } catch (IllegalStateException e) {
                // Answered already: the deadline was faster.
                done.fail(e);
            }
        });
        done.future().toCompletionStage().toCompletableFuture().get(writeDeadlineMillis, TimeUnit.MILLISECONDS);
    }
}
