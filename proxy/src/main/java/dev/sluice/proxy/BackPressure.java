package dev.sluice.proxy;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;

/** Stops reading from the upstream while the client does not keep up. */
final class BackPressure {
    private BackPressure() {}

    static void apply(Attempt attempt, HttpClientResponse upstream, HttpServerResponse client) {
        if (!client.writeQueueFull()) return;
        if (!attempt.handover().waits()) {
            attempt.giveUpClient();
            return;
        }
        upstream.pause();
        attempt.paused();
        client.drainHandler(_ -> {
            attempt.handover().waitsNoLonger();
            attempt.progressed();
            upstream.resume();
        });
    }
}
