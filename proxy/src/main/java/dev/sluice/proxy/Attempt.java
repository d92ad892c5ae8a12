package dev.sluice.proxy;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.Operation;
import dev.sluice.settings.Timeouts;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.traffic.failure.Classifier;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.health.NodeRecord;
import dev.sluice.traffic.routing.Target;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.upstreams.TravellingHeaders;
import dev.sluice.upstreams.credential.CredentialException;
import io.vertx.core.AsyncResult;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.UpgradeRejectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One try at one target: sends the request, waits for the answer under its deadlines, hands it to a relay. */
final class Attempt {
    private static final System.Logger LOG = System.getLogger(Attempt.class.getName());
    private static final int MAX_ERROR_BODY = 256 << 10;
    private static final long NO_DEADLINE_NANOS = 365L * 24 * 3600 * 1_000_000_000L;
    private static final int MAX_CLOSED = 3;
    private static final byte[] NO_BODY = new byte[0];

    private final Attempts attempts;
    private final Exchange x;
    private final Target target;
    private final @Nullable BoundKey key;
    private final NodeRecord served;
    private final Node node;
    private final int pass;
    private final Attempts.Tried tried;
    private final long beganAtMillis;
    private final long startedAtNanos = System.nanoTime();

    private @Nullable Sending sending;
    private @Nullable HttpClientRequest request;
    private @Nullable Relay relay;
    private @Nullable Runnable refused;
    private boolean over;
    private boolean probePassed;
    private boolean reused;
    private boolean retriedStale;
    private int closedUnopened;
    private boolean answering;
    private byte[] errorBody = NO_BODY;
    private String errorContentType = "application/json";

    /** @param pass of the circuit of key and model */
    Attempt(
            Attempts attempts,
            Exchange x,
            Target target,
            @Nullable BoundKey key,
            NodeRecord served,
            int pass,
            Attempts.Tried tried,
            long beganAtMillis) {
        this.attempts = attempts;
        this.x = x;
        this.target = target;
        this.key = key;
        this.served = served;
        this.node = served.node();
        this.pass = pass;
        this.tried = tried;
        this.beganAtMillis = beganAtMillis;
    }

    Target target() {
        return target;
    }

    @Nullable
    BoundKey key() {
        return key;
    }

    NodeRecord served() {
        return served;
    }

    int pass() {
        return pass;
    }

    /** Whether this was a probe of a half open circuit, and the circuit knows already that it went well. */
    boolean isProbePassed() {
        return probePassed;
    }

    long beganAtMillis() {
        return beganAtMillis;
    }

    Attempts.Tried tried() {
        return tried;
    }

    /** The body of the upstream's error answer, empty if there was none. */
    byte[] errorBody() {
        return errorBody;
    }

    String errorContentType() {
        return errorContentType;
    }

    Exchange exchange() {
        return x;
    }

    ProxyOptions options() {
        return attempts.options();
    }

    void start() {
        armBeforeContent(target.service().spec().timeouts().firstByteMs(), startedAtNanos);
        WireForm form = Preparation.formAt(x, target);
        if (form == x.form) {
            connect(Preparation.same(x, target, form));
        } else if (x.isCount()) {
            // Counts are not translated: an estimate is as good as a count of other words.
            attempts.tokenCounts().answer(x, this, Objects.requireNonNull(x.form));
        } else if (form == null) {
            fail(Preparation.notOffered(x, target));
        } else {
            attempts.preparation().translated(x, target, form).onComplete(this::prepared);
        }
    }

    private void prepared(AsyncResult<Sending> ready) {
        if (over || x.ended) return;
        if (ready.succeeded()) {
            connect(ready.result());
        } else if (ready.cause() instanceof Preparation.Refused refusal) {
            fail(refusal.failure());
        } else {
            LOG.log(System.Logger.Level.ERROR, "call " + x.id + " cannot be translated", ready.cause());
            fail(Failure.of(FailureKind.GATEWAY_DEFECT, "the gateway failed; quote request " + x.id));
        }
    }

    /** The client is gone: the upstream call is cancelled at once. */
    void cancel() {
        x.answeredBy = target;
        x.answeredWith = key;
        finishUsage();
        if (!over) attempts.health().abandoned(this);
        close();
    }

    /** The deadline that was set last has passed. */
    void expired() {
        Relay current = relay;
        if (current != null && current.isWhole()) {
            current.finish();
            reset();
            return;
        }
        FailureKind kind = x.deadlineKind;
        Timeouts timeouts = target.service().spec().timeouts();
        String limit = switch (kind) {
            case FIRST_PACKET_TIMEOUT ->
                "no content within " + x.api().spec().firstPacketTimeoutMs() + " ms (firstPacketTimeoutMs)";
            case TOTAL_TIMEOUT ->
                "the call took longer than " + x.api().spec().totalTimeoutMs() + " ms (totalTimeoutMs)";
            default ->
                answering
                        ? "nothing more arrived within " + timeouts.idleMs() + " ms (timeouts.idleMs)"
                        : "no answer within " + timeouts.firstByteMs() + " ms (timeouts.firstByteMs)";
        };
        fail(Failure.of(kind, "service \"" + target.service().name() + "\": " + limit));
    }

    /** Ends the attempt without an answer; if nothing went out yet the next one is tried, else the stream ends with an error. */
    void fail(Failure failure) {
        if (over) return;
        finishUsage();
        Relay current = relay;
        close();
        if (!x.committed) {
            x.reportedUsage = null;
            x.delivered = TextSample.EMPTY;
            attempts.failed(x, this, failure);
            return;
        }
        if (current != null) current.breakOff(failure);
        endFailed(failure);
    }

    /** Like {@link #fail} for a stream that has begun and whose error the upstream itself has told the client. */
    void failTold(Failure failure) {
        if (over) return;
        finishUsage();
        close();
        endFailed(failure);
    }

    /** The whole answer was received and passed on. */
    void complete() {
        if (over) return;
        finishUsage();
        over = true;
        attempts.health().succeeded(this);
        attempts.settler().end(x, Outcome.COMPLETED, x.response.getStatusCode(), "");
    }

    /** From now on the answer belongs to the client: records who answered and writes what the gateway says in its head. */
    void commit(HttpClientResponse answer) {
        committed();
        x.response.setStatusCode(answer.statusCode());
        TravellingHeaders.toClient(answer.headers(), x.response.headers(), key == null ? null : key.secret());
        AnswerHeaders.put(x, x.response.headers());
    }

    /** As {@link #commit(HttpClientResponse)} for an answer that the gateway writes itself: the upstream's headers are of no use. */
    void commit(String contentType) {
        committed();
        x.response.putHeader(AnswerHeaders.CONTENT_TYPE, contentType);
        AnswerHeaders.put(x, x.response.headers());
    }

    /** The whole answer as the client gets it: commits, sends and completes. */
    void answer(byte[] json) {
        commit("application/json");
        x.responseBytes += json.length;
        x.response.end(Buffer.buffer(json));
        complete();
    }

    /** As {@link #answer}, for an answer that the upstream was not asked for. */
    void answerLocally(byte[] json) {
        if (over || x.ended) return;
        over = true;
        attempts.health().abandoned(this);
        x.committed = true;
        x.answeredBy = target;
        x.response.putHeader(AnswerHeaders.CONTENT_TYPE, AnswerHeaders.JSON);
        AnswerHeaders.put(x, x.response.headers());
        x.responseBytes += json.length;
        x.response.end(Buffer.buffer(json));
        attempts.settler().end(x, Outcome.COMPLETED, x.response.getStatusCode(), "");
    }

    private void committed() {
        x.committed = true;
        probePassed = attempts.health().answered(this);
        x.answeredBy = target;
        x.answeredWith = key;
        x.firstContentNanos = System.nanoTime();
    }

    /** Something arrived: the idle deadline moves. Before the first content of a stream the first packet deadline holds as well. */
    void progressed() {
        int idleMs = target.service().spec().timeouts().idleMs();
        if (x.committed) deadline(FailureKind.TIMEOUT, System.nanoTime() + millis(idleMs));
        else armBeforeContent(idleMs, System.nanoTime());
    }

    /** The request is out: from now on the upstream is waited for. */
    void uploaded() {
        if (!over && !answering)
            armBeforeContent(target.service().spec().timeouts().firstByteMs(), System.nanoTime());
    }

    /** The client reads slowly: only the deadlines of the whole hold. */
    void paused() {
        deadline(FailureKind.TIMEOUT, System.nanoTime() + NO_DEADLINE_NANOS);
    }

    private void armBeforeContent(int waitMs, long fromNanos) {
        int firstPacketMs = x.wantsStream() ? x.api().spec().firstPacketTimeoutMs() : 0;
        long wait = fromNanos + millis(waitMs);
        long firstPacket = startedAtNanos + millis(firstPacketMs);
        if (firstPacketMs > 0 && firstPacket - wait < 0) deadline(FailureKind.FIRST_PACKET_TIMEOUT, firstPacket);
        else deadline(FailureKind.TIMEOUT, wait);
    }

    private static long millis(int ms) {
        return ms * 1_000_000L;
    }

    private void connectSocket(Sending what) {
        String path = SocketRelay.target(what.target(), x.askedModel(), target.model());
        attempts.client()
                .openSocket(target.service(), node, key, path, SocketRelay.protocols(x.request), clientHeaders())
                .onComplete(opened -> {
                    if (over || x.ended) {
                        if (opened.succeeded()) opened.result().close();
                    } else if (opened.succeeded()) {
                        x.sent = true;
                        answering = true;
                        SocketRelay socket = new SocketRelay(this, opened.result());
                        relay = socket;
                        socket.start();
                    } else if (opened.cause() instanceof UpgradeRejectedException rejected) {
                        byte[] told = rejected.getBody() == null
                                ? NO_BODY
                                : rejected.getBody().getBytes();
                        if (!leaksKey(told, 0, told.length)) errorBody = told;
                        fail(Classifier.classify(rejected.getStatus(), OpenAi.readError(told), -1));
                    } else {
                        fail(Failure.of(
                                FailureKind.CONNECT,
                                "service \"" + target.service().name() + "\" cannot be reached at " + node.address()
                                        + ": " + Causes.inPlainWords(opened.cause())));
                    }
                });
    }

    /** From now on the socket belongs to the client. */
    void commitSocket() {
        committed();
    }

    private void connect(Sending what) {
        sending = what;
        if (x.operation() == Operation.REALTIME) {
            connectSocket(what);
            return;
        }
        BoundService service = target.service();
        attempts.client()
                .open(
                        service,
                        node,
                        key,
                        x.request.method(),
                        what.form(),
                        what.target(),
                        what.stream(),
                        what.body(),
                        clientHeaders())
                .onComplete(opened -> {
                    if (over || x.ended) {
                        if (opened.succeeded()) abandon(opened.result());
                    } else if (opened.succeeded()) {
                        send(opened.result());
                    } else if (opened.cause() instanceof ClosedChannelException && ++closedUnopened <= MAX_CLOSED) {
                        // Not the peer's doing: a late event of a socket that had the same number closed the new one.
                        connect(what);
                    } else {
                        fail(notOpened(service, opened.cause()));
                    }
                });
    }

    private Failure notOpened(BoundService service, Throwable cause) {
        if (cause instanceof CredentialException failed) {
            return Failure.of(
                    failed.isRefused() ? FailureKind.PROVIDER_AUTH : FailureKind.CONNECT,
                    "service \"" + service.name() + "\" cannot be called: " + failed.getMessage());
        }
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
    private MultiMap clientHeaders() {
        MultiMap headers = x.request.headers();
        String custom = x.api().spec().authentication().header();
        return custom == null || !headers.contains(custom)
                ? headers
                : MultiMap.caseInsensitiveMultiMap().addAll(headers).remove(custom);
    }

    private void send(HttpClientRequest opened) {
        request = opened;
        reused = attempts.client().takeReused(opened);
        opened.exceptionHandler(this::broken);
        byte[] body = Objects.requireNonNull(sending).body();
        Upload upload = x.upload;
        if (upload != null) {
            opened.response().onComplete(answered -> {
                if (over || x.ended) return;
                if (answered.succeeded()) answered(answered.result());
                else broken(answered.cause());
            });
            upload.sendTo(this, opened, body);
            return;
        }
        (body.length == 0 && x.bufferedBytes == 0 ? opened.send() : opened.send(Buffer.buffer(body)))
                .onComplete(answered -> {
                    if (over || x.ended) return;
                    if (answered.succeeded()) answered(answered.result());
                    else broken(answered.cause());
                });
    }

    private void answered(HttpClientResponse answer) {
        x.sent = true;
        answering = true;
        progressed();
        answer.exceptionHandler(this::broken);
        int status = answer.statusCode();
        if (status < 200 || status > 299) {
            collectError(answer);
            return;
        }
        String coding = answer.getHeader(AnswerHeaders.CONTENT_ENCODING);
        if (x.wire != null && coding != null && !coding.equalsIgnoreCase("identity")) {
            fail(Failure.of(
                    FailureKind.UPSTREAM_MALFORMED,
                    "service \"" + target.service().name() + "\" encoded its answer (content-encoding: "
                            + AnswerHeaders.printable(coding) + ") although nobody asked for it"));
            return;
        }
        Relay chosen = relay(answer);
        relay = chosen;
        chosen.start();
    }

    private Relay relay(HttpClientResponse answer) {
        WireFormat wire = x.wire;
        Translation translation = Objects.requireNonNull(sending).translation();
        String contentType = answer.getHeader(AnswerHeaders.CONTENT_TYPE);
        boolean streamed = isStream(contentType);
        if (translation != null) {
            return streamed
                    ? new TranslatedStreamRelay(this, answer, translation)
                    : new TranslatedWholeRelay(this, answer, translation);
        }
        boolean json = contentType != null && contentType.startsWith("application/json");
        if (wire == null || !streamed && !json && WireFormats.mayBeBytes(wire)) return new OpaqueRelay(this, answer);
        return streamed ? new StreamRelay(this, answer, wire) : new WholeRelay(this, answer, wire);
    }

    private static boolean isStream(@Nullable String contentType) {
        return contentType != null
                && (contentType.startsWith("text/event-stream")
                        || contentType.startsWith("application/vnd.amazon.eventstream"));
    }

    /** Reads an error answer, as far as it comes: its status counts even if its body breaks off. */
    private void collectError(HttpClientResponse answer) {
        Buffer collected = Buffer.buffer();
        refused = () -> refused(answer, collected.getBytes());
        answer.handler(chunk -> {
            progressed();
            if (collected.length() + chunk.length() <= MAX_ERROR_BODY) collected.appendBuffer(chunk);
        });
        answer.endHandler(_ -> {
            // The exchange on this connection is complete: it goes back to the pool.
            request = null;
            if (!over && !x.ended) refused(answer, collected.getBytes());
        });
    }

    private void refused(HttpClientResponse answer, byte[] body) {
        String contentType = answer.getHeader(AnswerHeaders.CONTENT_TYPE);
        if (contentType != null) errorContentType = contentType;
        // The words of another format would mean nothing to the client.
        boolean translated = Objects.requireNonNull(sending).translation() != null;
        boolean readable = !translated && answer.getHeader(AnswerHeaders.CONTENT_ENCODING) == null;
        if (readable && !leaksKey(body, 0, body.length)) errorBody = body;
        long retryAfter = Classifier.retryAfterMillis(
                answer.getHeader("retry-after-ms"),
                answer.getHeader("retry-after"),
                attempts.plane().clock().millis());
        Failure failure = Classifier.classify(answer.statusCode(), OpenAi.readError(body), retryAfter);
        if (failure.kind() == FailureKind.PROVIDER_AUTH && key != null)
            attempts.client().refused(target.service(), key);
        fail(failure);
    }

    /** The connection broke, before or during the answer. */
    private void broken(Throwable cause) {
        if (over || x.ended) return;
        Relay current = relay;
        Runnable asRefused = refused;
        if (asRefused != null) {
            asRefused.run();
            return;
        }
        if (current != null && current.isWhole()) {
            current.finish();
            return;
        }
        if (!answering && reused && !retriedStale && x.isRepeatable()) {
            retriedStale = true;
            reset();
            connect(Objects.requireNonNull(sending));
            return;
        }
        String service = "service \"" + target.service().name() + "\" at " + node.address();
        fail(
                answering
                        ? Failure.of(FailureKind.UPSTREAM_CUT, service + " broke off its answer")
                        : Failure.of(
                                x.isRepeatable() ? FailureKind.CONNECT : FailureKind.UPSTREAM_CUT,
                                service + " closed the connection without an answer: " + Causes.inPlainWords(cause)));
    }

    private void endFailed(Failure failure) {
        attempts.health().failed(this, failure);
        attempts.settler()
                .end(
                        x,
                        Outcome.UPSTREAM_FAILED,
                        x.response.getStatusCode(),
                        failure.kind().label());
    }

    private void finishUsage() {
        Relay current = relay;
        if (current != null) current.record(x);
    }

    private void close() {
        if (over) return;
        over = true;
        if (relay instanceof SocketRelay socket) socket.closeUpstream();
        reset();
    }

    private void reset() {
        HttpClientRequest open = request;
        request = null;
        if (open != null) open.reset();
    }

    private void deadline(FailureKind kind, long atNanos) {
        long total = Attempts.totalDeadline(x);
        long attemptTotal = startedAtNanos + target.service().spec().timeouts().totalMs() * 1_000_000L;
        if (total - atNanos <= 0 && total - attemptTotal <= 0) x.deadline(FailureKind.TOTAL_TIMEOUT, total);
        else if (attemptTotal - atNanos <= 0) x.deadline(FailureKind.TIMEOUT, attemptTotal);
        else x.deadline(kind, atNanos);
    }

    /** An upstream that quotes the key it was sent must not show it to the client. */
    boolean leaksKey(byte[] bytes, int from, int to) {
        return key != null && new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).contains(key.secret());
    }
}
