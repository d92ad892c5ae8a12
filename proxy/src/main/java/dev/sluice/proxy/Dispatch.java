package dev.sluice.proxy;

import dev.sluice.settings.Operation;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.routing.Target;
import dev.sluice.upstreams.UpstreamClient;
import dev.sluice.upstreams.credential.CredentialException;
import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.UpgradeRejectedException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** Brings one attempt's request to its node: opens a connection, sends head and body, and tells the attempt what comes of it. */
final class Dispatch {
    private static final int MAX_CLOSED = 3;
    private static final int MAX_UNTOUCHED = 3;
    /** The streams of a connection that breaks may fail before the pool knows that it is of no use any more. */
    private static final long RESEND_PAUSE_MILLIS = 5;

    private static final MultiMap NO_HEADERS = HttpHeaders.headers();

    private final Attempt attempt;
    private final UpstreamClient client;
    private final Exchange x;
    private final BoundService service;
    private final Target target;
    private final @Nullable BoundKey key;
    private final Node node;
    private Sending what;

    private @Nullable HttpClientRequest request;
    private MultiMap sentHeaders = NO_HEADERS;
    private boolean reused;
    private boolean retriedStale;
    private int closedUnopened;
    private int untouched;

    Dispatch(Attempt attempt, UpstreamClient client, Sending what) {
        this.attempt = attempt;
        this.client = client;
        this.x = attempt.exchange();
        this.target = attempt.target();
        this.service = target.service();
        this.key = attempt.key();
        this.node = attempt.served().node();
        this.what = what;
    }

    /** What is sent. */
    Sending what() {
        return what;
    }

    /** It will not be sent again. */
    void forgetBody() {
        what = what.withoutBody();
    }

    /** As they went out, with the credential; empty before. */
    MultiMap sentHeaders() {
        return sentHeaders;
    }

    void start() {
        if (x.operation() == Operation.REALTIME) connectSocket();
        else connect();
    }

    /** The exchange that brought the answer is complete, and its connection back in the pool. */
    void received() {
        request = null;
    }

    /** Cancels what is under way. */
    void reset() {
        HttpClientRequest open = request;
        request = null;
        if (open != null) client.giveUp(open);
    }

    /**
     * Sends once more what failed before an answer, if that does no harm: the peer says that it did nothing with it, or it met an
     * idle connection that the peer may just have closed.
     *
     * @return whether it does
     */
    boolean resends(Throwable cause) {
        HttpClientRequest failed = request;
        Upload upload = x.upload;
        if (failed == null || upload != null && upload.hasBegun()) return false;
        if (client.isUntouched(failed, cause)) {
            if (++untouched > MAX_UNTOUCHED) return false;
        } else {
            if (!reused || retriedStale || !x.isRepeatable()) return false;
            retriedStale = true;
        }
        boolean shared = failed.version() == HttpVersion.HTTP_2;
        reset();
        if (shared) attempt.vertx().setTimer(RESEND_PAUSE_MILLIS, _ -> connectUnlessOver());
        else connect();
        return true;
    }

    /** Whether the peer says that it did nothing with the request that failed. */
    boolean isUntouched(Throwable cause) {
        HttpClientRequest failed = request;
        return failed != null && client.isUntouched(failed, cause);
    }

    /** Whether the answer has arrived whole, although its client has not got all of it yet and the request failed. */
    boolean isWhole(Throwable cause) {
        HttpClientRequest failed = request;
        return failed != null && client.isWhole(failed, cause);
    }

    private void connectUnlessOver() {
        if (!attempt.isOver()) connect();
    }

    private void connect() {
        client.open(
                        service,
                        node,
                        key,
                        x.request.method(),
                        what.form(),
                        what.target(),
                        what.stream(),
                        what.body(),
                        clientHeaders(x))
                .onComplete(this::opened);
    }

    private void opened(AsyncResult<HttpClientRequest> opened) {
        if (attempt.isOver()) {
            if (opened.succeeded()) abandon(opened.result());
        } else if (opened.succeeded()) {
            send(opened.result());
        } else if (opened.cause() instanceof ClosedChannelException && ++closedUnopened <= MAX_CLOSED) {
            // Not the peer's doing: a late event of a socket that had the same number closed the new one.
            connect();
        } else {
            unopened(opened.cause());
        }
    }

    private void send(HttpClientRequest opened) {
        request = opened;
        x.sent = true;
        x.ignored = what.ignored();
        sentHeaders = opened.headers();
        reused = client.takeReused(opened);
        opened.exceptionHandler(cause -> broken(opened, cause));
        byte[] body = what.body();
        Upload upload = x.upload;
        if (upload != null) {
            opened.response().onComplete(answered -> answered(opened, answered));
            upload.sendTo(attempt, opened, what);
        } else {
            boolean empty = body.length == 0 && x.bufferedBytes == 0;
            (empty ? opened.send() : opened.send(Buffer.buffer(body)))
                    .onComplete(answered -> answered(opened, answered));
        }
    }

    private void answered(HttpClientRequest sent, AsyncResult<HttpClientResponse> answered) {
        if (attempt.isOver()) return;
        if (answered.succeeded()) attempt.answered(answered.result());
        else broken(sent, answered.cause());
    }

    /** One request may fail in several ways; what comes of one that was given up already is of no interest. */
    private void broken(HttpClientRequest sent, Throwable cause) {
        if (sent.equals(request)) attempt.broken(cause);
    }

    private void connectSocket() {
        String path = SocketRelay.target(what.target(), x.askedModel(), target.model());
        client.openSocket(service, node, key, path, SocketRelay.protocols(x.request), clientHeaders(x))
                .onComplete(opened -> {
                    if (attempt.isOver()) {
                        if (opened.succeeded()) opened.result().close();
                    } else if (opened.succeeded()) {
                        attempt.joined(opened.result());
                    } else if (opened.cause() instanceof UpgradeRejectedException rejected) {
                        attempt.refused(new Refusal(rejected));
                    } else {
                        unopened(opened.cause());
                    }
                });
    }

    private void unopened(Throwable cause) {
        if (cause instanceof CredentialException failed) attempt.fail(unauthorised(failed));
        else attempt.fail(unreachable(cause));
    }

    private Failure unauthorised(CredentialException failed) {
        return Failure.of(
                failed.isRefused() ? FailureKind.PROVIDER_AUTH : FailureKind.CONNECT,
                "service \"" + service.name() + "\" cannot be called: " + failed.getMessage());
    }

    private Failure unreachable(Throwable cause) {
        return Failure.of(
                FailureKind.CONNECT,
                "service \"" + service.name() + "\" cannot be reached at " + node.address() + ": "
                        + Causes.inPlainWords(cause));
    }

    private static void abandon(HttpClientRequest opened) {
        // Vert.x logs the end of a request that nobody listens to.
        opened.exceptionHandler(_ -> {});
        opened.reset();
    }

    /** The client's headers without the one that may carry its key, which may be the very one that carries the provider's. */
    static MultiMap clientHeaders(Exchange x) {
        MultiMap headers = x.request.headers();
        String custom = x.api().spec().authentication().header();
        return custom == null || !headers.contains(custom)
                ? headers
                : MultiMap.caseInsensitiveMultiMap().addAll(headers).remove(custom);
    }
}
