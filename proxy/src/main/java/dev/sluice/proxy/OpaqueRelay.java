package dev.sluice.proxy;

import dev.sluice.protocol.job.ResultLines;
import dev.sluice.traffic.failure.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** Relays an answer that the gateway does not read. */
final class OpaqueRelay implements Relay {
    private final Attempt attempt;
    private final HttpClientResponse answer;
    private final @Nullable ResultLines results;

    OpaqueRelay(Attempt attempt, HttpClientResponse answer) {
        this.attempt = attempt;
        this.answer = answer;
        this.results = Jobs.results(
                attempt.exchange(), answer.statusCode(), attempt.options().maxEventBytes());
    }

    @Override
    public void start() {
        HttpServerResponse response = attempt.exchange().response;
        attempt.handover().commit(answer);
        String length = answer.getHeader("content-length");
        // A 304 has no body; the length that it may tell is another one's.
        boolean bare = answer.statusCode() == 204 || answer.statusCode() == 304;
        if (length != null && !bare) response.putHeader("content-length", length);
        else response.setChunked(!bare);
        answer.handler(this::chunk);
        answer.endHandler(_ -> ended());
    }

    @Override
    public void breakOff(Failure failure) {
        attempt.exchange().response.reset();
    }

    private void ended() {
        if (attempt.isOver()) return;
        if (results != null) Jobs.ended(attempt.exchange(), results);
        attempt.handover().end();
        attempt.complete();
    }

    private void chunk(Buffer chunk) {
        Exchange x = attempt.exchange();
        if (attempt.isOver()) return;
        attempt.progressed();
        if (results != null) results.feed(chunk.getBytes());
        attempt.handover().write(chunk);
        BackPressure.apply(attempt, answer, x.response);
    }
}
