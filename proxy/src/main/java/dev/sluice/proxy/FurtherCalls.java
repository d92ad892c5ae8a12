package dev.sluice.proxy;

import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.upstreams.UpstreamClient;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/** What is asked of the node that answered beside the call itself, with the same key: the parts and the outcome of a long job. */
final class FurtherCalls {
    /** So long an upstream may take to hear that its answer is not wanted. */
    private static final long TELLING_MILLIS = 5_000;

    private final Attempt attempt;
    private final UpstreamClient client;
    private final Sending call;

    FurtherCalls(Attempt attempt, UpstreamClient client, Sending call) {
        this.attempt = attempt;
        this.client = client;
        this.call = call;
    }

    /** A request for something that is not read as a call. */
    Future<HttpClientRequest> get(String path) {
        return open(HttpMethod.GET, null, path, new byte[0]);
    }

    /** A request in the form of the one that was answered. */
    Future<HttpClientRequest> post(WholeCalls.Part part) {
        return open(HttpMethod.POST, call.form(), part.path(), part.body());
    }

    /** Says something that nobody waits for: that the answer is not wanted any more. */
    void tell(String path, byte[] body) {
        open(HttpMethod.POST, null, path, body).onSuccess(opened -> {
            long late = attempt.vertx().setTimer(TELLING_MILLIS, _ -> opened.reset());
            opened.send(Buffer.buffer(body))
                    .compose(HttpClientResponse::body)
                    .onComplete(_ -> attempt.vertx().cancelTimer(late));
        });
    }

    private Future<HttpClientRequest> open(HttpMethod method, @Nullable WireForm form, String path, byte[] body) {
        return client.open(
                        attempt.target().service(),
                        attempt.served().node(),
                        attempt.key(),
                        method,
                        form,
                        path,
                        false,
                        body,
                        Dispatch.clientHeaders(attempt.exchange()))
                .onSuccess(opened -> {
                    client.takeReused(opened);
                    // Vert.x logs the end of a request that nobody listens to.
                    opened.exceptionHandler(_ -> {});
                });
    }
}
