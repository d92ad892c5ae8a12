package dev.sluice.proxy;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.Operation;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.traffic.failure.Classifier;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.health.NodeRecord;
import dev.sluice.traffic.routing.Target;
import dev.sluice.traffic.usage.Outcome;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One try at one target: sends the request, waits for the answer under its deadlines, hands it to a relay. */
final class Attempt {
    private static final System.Logger LOG = System.getLogger(Attempt.class.getName());

    private final Attempts attempts;
    private final Exchange x;
    private final Target target;
    private final @Nullable BoundKey key;
    private final NodeRecord served;
    private final Node node;
    private final int pass;
    private final Attempts.Tried tried;
    private final long beganAtMillis;
    private final AttemptDeadlines deadlines;
    private final Handover handover;

    private @Nullable Dispatch dispatch;
    private @Nullable Relay relay;
    private @Nullable Refusal refusal;
    private boolean over;
    private boolean answering;
    /** The gateway counts itself, and waits for no upstream. */
    private boolean estimating;
    /** The access token of the key was refused once, and another one was fetched. */
    private boolean renewed;

    private boolean cut;

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
        this.deadlines = new AttemptDeadlines(x, target);
        this.handover = new Handover(this);
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

    long beganAtMillis() {
        return beganAtMillis;
    }

    Attempts.Tried tried() {
        return tried;
    }

    /** What the upstream's error answer shows the client; null if there was none, or it is of no use to the client. */
    Refusal.@Nullable Shown shown() {
        Refusal told = refusal;
        // The words of another format would mean nothing to the client.
        Dispatch sent = dispatch;
        return told == null || sent == null || sent.what().translation() != null
                ? null
                : told.shown(handover::leaksKey);
    }

    Exchange exchange() {
        return x;
    }

    DataPlane plane() {
        return attempts.plane();
    }

    Vertx vertx() {
        return attempts.vertx();
    }

    CallMedia media() {
        return attempts.preparation().media(x);
    }

    /** For the answer's way to the client. */
    Handover handover() {
        return handover;
    }

    TargetHealth health() {
        return attempts.health();
    }

    /** For what else is asked of the node that answered. */
    FurtherCalls furtherCalls() {
        return new FurtherCalls(
                this, attempts.client(), Objects.requireNonNull(dispatch).what());
    }

    /** The exchange that brought the answer is complete, and its connection back in the pool. */
    void received() {
        Dispatch sent = dispatch;
        if (sent != null) sent.received();
    }

    /** Whether nothing that comes now matters any more: this attempt or its call has ended. */
    boolean isOver() {
        return estimating || hasEnded();
    }

    private boolean hasEnded() {
        return over || x.ended;
    }

    /** Whether the connection broke that the answer comes over. */
    boolean isCut() {
        return cut;
    }

    ProxyOptions options() {
        return attempts.options();
    }

    void start() {
        deadlines.begin();
        WireForm form = Preparation.formAt(x, target);
        if (Preparation.isLacking(x, target)) {
            fail(Preparation.notOffered(x, target));
        } else if (Preparation.isSame(x, form)) {
            connect(attempts.preparation().same(x, target, key, form));
        } else if (x.isCount() && !WholeCalls.counts(Objects.requireNonNull(x.form), form)) {
            // Nobody counts for this model: an estimate is as good.
            estimate();
        } else if (form == null) {
            fail(Preparation.notOffered(x, target));
        } else {
            attempts.preparation().translated(x, target, key, form).onComplete(this::prepared);
        }
    }

    private void estimate() {
        estimating = true;
        attempts.tokenCounts().answer(x, this, Objects.requireNonNull(x.form));
    }

    private void prepared(AsyncResult<Sending> ready) {
        if (isOver()) return;
        if (ready.succeeded()) {
            if (x.media != null) deadlines.uploaded();
            connect(ready.result());
        } else if (ready.cause() instanceof Preparation.Refused && x.isCount()) {
            // What the vendor cannot be told it does not count.
            estimate();
        } else if (ready.cause() instanceof Preparation.Refused refusal) {
            fail(refusal.failure());
        } else {
            defect("cannot be translated", ready.cause());
        }
    }

    /** The gateway itself is at fault; what the call has or lacks is for the log only. */
    void defect(String what, Throwable cause) {
        if (hasEnded()) return;
        LOG.log(System.Logger.Level.ERROR, "call " + x.id + " " + what, cause);
        fail(Failure.of(FailureKind.GATEWAY_DEFECT, "the gateway failed; quote request " + x.id));
    }

    /** The client is gone: the upstream call is cancelled at once. */
    void cancel() {
        x.answeredBy = target;
        x.answeredWith = key;
        finishUsage();
        if (!over) attempts.health().abandoned(this);
        close();
    }

    /** The client closed its connection. */
    void clientLeft() {
        cancel();
        attempts.settler().clientLeft(x);
    }

    /** The client does not take what it is sent, and there is no room for more that waits. */
    void giveUpClient() {
        cancel();
        attempts.settler().end(x, Outcome.CLIENT_LEFT, x.response.getStatusCode(), FailureKind.OVERLOADED.label());
        Connections.Guest guest = x.guest;
        // A farewell would wait behind what this client does not take.
        if (x.request.version() == HttpVersion.HTTP_2) x.response.reset();
        else if (guest != null) guest.cutOff();
    }

    /** The gateway ends what it has admitted before. */
    void refuseToGoOn(Failure failure) {
        if (over) return;
        finishUsage();
        over = true;
        attempts.health().succeeded(this);
        attempts.settler()
                .end(x, Outcome.REFUSED, failure.kind().status(), failure.kind().label());
    }

    Settler settler() {
        return attempts.settler();
    }

    /** The deadline that was set last has passed. */
    void expired() {
        Relay current = relay;
        if (current != null && current.isWhole()) {
            current.finish();
            reset();
            return;
        }
        fail(deadlines.failure(answering));
    }

    /** Ends the attempt without an answer; if nothing went out yet the next one is tried, else the stream ends with an error. */
    void fail(Failure failure) {
        if (over) return;
        if (!estimating && x.isCount() && dispatch != null && dispatch.what().translation() != null) {
            // The vendor may have no counter for this model, or none for this key: nobody is to blame.
            Relay counting = relay;
            if (counting != null) counting.letGo();
            handover.letGo();
            reset();
            estimate();
            return;
        }
        finishUsage();
        Relay current = relay;
        close();
        if (!x.committed) {
            x.sent = false;
            x.reportedUsage = null;
            x.delivered = TextSample.EMPTY;
            x.units = Units.NONE;
            attempts.failed(x, this, failure);
            return;
        }
        if (current != null) current.breakOff(failure);
        endFailed(failure);
    }

    /** What an error means that the upstream told inside a success. */
    Failure told(HttpClientResponse answer, UpstreamError error) {
        return Classifier.classify(target.service().provider().errors(), answer.statusCode(), error);
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

    /** Answers in the upstream's place, which was not asked. */
    void answerLocally(byte[] json) {
        if (hasEnded()) return;
        over = true;
        x.response.putHeader(TokenCounts.ESTIMATED, "true");
        attempts.health().abandoned(this);
        handover.answerLocally(json);
        attempts.settler().end(x, Outcome.COMPLETED, x.response.getStatusCode(), "");
    }

    /** The request will not be sent again. */
    void forgetBody() {
        Dispatch sent = dispatch;
        if (sent != null) sent.forgetBody();
    }

    /** Something arrived: the idle deadline moves. */
    void progressed() {
        deadlines.progressed();
    }

    /** The request is out: from now on the upstream is waited for. */
    void uploaded() {
        if (!over && !answering) deadlines.uploaded();
    }

    /** The client reads slowly: only the deadlines of the whole hold. */
    void paused() {
        deadlines.paused();
    }

    private void connect(Sending what) {
        Dispatch sent = new Dispatch(this, attempts.client(), what);
        dispatch = sent;
        sent.start();
    }

    /** The node took part in a web socket. */
    void joined(WebSocket upstream) {
        x.sent = true;
        answering = true;
        SocketRelay socket = new SocketRelay(this, upstream);
        relay = socket;
        socket.start();
    }

    /** The head of an answer is there. */
    void answered(HttpClientResponse answer) {
        answering = true;
        progressed();
        answer.exceptionHandler(this::broken);
        int status = answer.statusCode();
        if (!isForClient(status)) {
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
        Relay chosen = Relay.of(
                this, answer, x.wire, Objects.requireNonNull(dispatch).what().translation());
        relay = chosen;
        chosen.start();
    }

    /**
     * Whether an answer goes to the client as it is: a success, and of a call that is not read all that says nothing of the
     * gateway's key or the state of the upstream.
     */
    private boolean isForClient(int status) {
        if (status < 200 || status > 499) return false;
        if (status < 300) return true;
        return x.operation() == Operation.OPAQUE
                && (key == null || status != 401 && status != 402 && status != 403 && status != 429);
    }

    /** Reads an error answer, as far as it comes: its status counts even if its body breaks off. */
    private void collectError(HttpClientResponse answer) {
        Refusal reading = new Refusal(answer);
        refusal = reading;
        answer.handler(chunk -> {
            progressed();
            reading.add(chunk);
        });
        answer.endHandler(_ -> {
            received();
            if (!isOver()) refused(reading);
        });
    }

    /** The upstream answered with an error. */
    void refused(Refusal told) {
        Failure failure = KeptThings.orMissing(
                x,
                told.failure(
                        target.service().provider(), attempts.plane().clock().millis()));
        BoundKey used = key;
        Dispatch sent = dispatch;
        if (failure.kind() == FailureKind.PROVIDER_AUTH
                && used != null
                && sent != null
                && attempts.client().refused(target.service(), used, sent.sentHeaders())
                && failure.upstreamStatus() == 401
                && !renewed) {
            renewed = true;
            withAnotherToken(sent);
            return;
        }
        fail(failure);
    }

    /** Nothing was done yet, so the request can be sent again, unless part of it passed by without being kept. */
    private void withAnotherToken(Dispatch sent) {
        if (x.upload != null && x.upload.hasBegun()) {
            fail(Failure.of(
                    FailureKind.UPSTREAM_ERROR,
                    "service \"" + target.service().name()
                            + "\" did not take the access token of its key any longer; the next call fetches another"));
            return;
        }
        Relay begun = relay;
        relay = null;
        if (begun != null) begun.letGo();
        reset();
        refusal = null;
        answering = false;
        deadlines.uploaded();
        connect(sent.what());
    }

    /** The connection broke, before or during the answer. */
    void broken(Throwable cause) {
        if (isOver()) return;
        Dispatch sent = dispatch;
        if (answering && sent != null && sent.isWhole(cause)) return;
        cut = true;
        Relay current = relay;
        Refusal told = refusal;
        if (told != null) {
            refused(told);
            return;
        }
        if (current != null && current.isWhole()) {
            current.finish();
            return;
        }
        boolean isUntouched = !answering && sent != null && sent.isUntouched(cause);
        if (!answering && sent != null && sent.resends(cause)) return;
        String service = "service \"" + target.service().name() + "\" at " + node.address();
        fail(
                answering
                        ? Failure.of(FailureKind.UPSTREAM_CUT, service + " broke off its answer")
                        : Failure.of(
                                isUntouched || x.isRepeatable() ? FailureKind.CONNECT : FailureKind.UPSTREAM_CUT,
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
        Relay current = relay;
        if (current != null) current.letGo();
        if (x.media != null) x.media.cancel();
        handover.letGo();
        reset();
    }

    private void reset() {
        Dispatch sent = dispatch;
        if (sent != null) sent.reset();
    }

    /** A failure of the service that shows in its answer. */
    Failure blamed(FailureKind kind, HttpClientResponse answer, String why) {
        return new Failure(
                kind,
                "service \"" + target.service().name() + "\" " + why,
                answer.statusCode(),
                UpstreamError.NONE,
                -1,
                null);
    }
}
