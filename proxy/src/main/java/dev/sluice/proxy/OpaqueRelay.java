package dev.sluice.proxy;

import dev.sluice.traffic.failure.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;

/** Relays an answer that the gateway does not read. */
final class OpaqueRelay implements Relay {
    private final Attempt attempt;
    private final HttpClientResponse answer;
    private boolean ended;

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
        answer.endHandler(_ -> finish());
    }

    @Override
    public void record(Exchange x) {}

    @Override
    public void breakOff(Failure failure) {
        attempt.exchange().response.reset();
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    @Override
    public void finish() {
        if (ended || attempt.exchange().ended) return;
        ended = true;
        attempt.exchange().response.end();
        attempt.complete();
    }

    private void chunk(Buffer chunk) {
        Exchange x = attempt.exchange();
        if (x.ended) return;
        attempt.progressed();
        x.responseBytes += chunk.length();
        x.response.write(chunk);
        BackPressure.apply(attempt, answer, x.response);
    }
}
