package dev.sluice.proxy;

import dev.sluice.traffic.failure.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;

/** Relays an answer that the gateway does not read. */
final class OpaqueRelay implements Relay {
    private final Attempt attempt;
    private final HttpClientResponse answer;

    OpaqueRelay(Attempt attempt, HttpClientResponse answer) {
        this.attempt = attempt;
        this.answer = answer;
    }

    @Override
    public void start() {
        HttpServerResponse response = attempt.exchange().response;
        attempt.commit(answer);
        String length = answer.getHeader("content-length");
        if (length != null) response.putHeader("content-length", length);
        else response.setChunked(true);
        answer.handler(this::chunk);
        answer.endHandler(_ -> ended());
    }

    @Override
    public void breakOff(Failure failure) {
        attempt.exchange().response.reset();
    }

    private void ended() {
        if (attempt.isOver()) return;
        attempt.exchange().response.end();
        attempt.complete();
    }

    private void chunk(Buffer chunk) {
        Exchange x = attempt.exchange();
        if (attempt.isOver()) return;
        attempt.progressed();
        x.responseBytes += chunk.length();
        x.response.write(chunk);
        BackPressure.apply(attempt, answer, x.response);
    }
}
