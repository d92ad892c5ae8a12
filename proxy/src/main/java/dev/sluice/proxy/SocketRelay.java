package dev.sluice.proxy;

import dev.sluice.protocol.PathSegment;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.Json;
import dev.sluice.settings.Operation;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Relays a realtime session: frames pass in both directions as they come, whichever side is slower sets the pace, and the close
 * code of one side is told to the other. Each {@code response.done} ends a turn, which is charged at once.
 */
final class SocketRelay implements Relay {
    /** The subprotocol of realtime sessions. */
    static final String PROTOCOL = "realtime";

    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";
    private static final String DONE = "\"response.done\"";
    private static final String CREATED = "\"response.created\"";
    private static final String STOPPING = "the gateway is stopping";
    private static final int MAX_EVENT = 1 << 20;
    /** A close frame holds 125 bytes, two of them the code. */
    private static final int MAX_REASON = 123;

    private static final short GOING_AWAY = 1001;
    /** Stands for a close frame without a code. */
    private static final short NO_CODE = 1005;
    /** Stands for the end of a connection without a close frame. */
    private static final short NO_FRAME = 1006;

    private static final short POLICY = 1008;
    private static final short GOING_WRONG = 1011;

    private final Attempt attempt;
    private final WebSocket upstream;
    private final Turns turns;
    private final StringBuilder event = new StringBuilder();
    private @Nullable Side client;
    private @Nullable Side provider;
    private long timer = -1;
    /** A response is under way. */
    private boolean responding;
    /** The session is to end with the response that is under way. */
    private boolean leaving;

    /** What the response used that ended with the event which is being passed on. */
    private @Nullable Usage turn;

    private boolean ended;

    SocketRelay(Attempt attempt, WebSocket upstream) {
        this.attempt = attempt;
        this.upstream = upstream;
        this.turns = new Turns(attempt.exchange(), attempt.plane(), attempt.settler(), sessions());
    }

    /** The caller's credential; browsers can only send it as a subprotocol. */
    static @Nullable String authorization(Exchange x) {
        String header = x.request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null || x.operation() != Operation.REALTIME) return header;
        for (String protocol : offered(x.request)) {
            if (protocol.startsWith(KEY_PROTOCOL)) return "Bearer " + protocol.substring(KEY_PROTOCOL.length());
        }
        return null;
    }

    /** The subprotocols to offer to the upstream: all but the one that carries the caller's key. */
    static List<String> protocols(HttpServerRequest request) {
        List<String> kept = new ArrayList<>(offered(request));
        kept.removeIf(protocol -> protocol.startsWith(KEY_PROTOCOL));
        return kept;
    }

    private static List<String> offered(HttpServerRequest request) {
        String header = request.getHeader("sec-websocket-protocol");
        if (header == null) return List.of();
        List<String> names = new ArrayList<>();
        for (String name : header.split(",", -1)) names.add(name.strip());
        return names;
    }

    /** Reads the model of the session; answers why there is none. */
    static @Nullable Failure prepare(Exchange x) {
        if (!"websocket".equalsIgnoreCase(x.request.getHeader(HttpHeaders.UPGRADE))) {
            return Failure.of(
                    FailureKind.INVALID_REQUEST,
                    "this path speaks WebSocket (expected: the header upgrade: websocket)");
        }
        String model = x.request.getParam("model");
        if (model == null || model.isEmpty()) {
            return Failure.of(FailureKind.INVALID_REQUEST, "the query names no model (expected: ?model=NAME)", "model");
        }
        // The upgrade waits for the end of the request, which must not pass by unseen until then.
        x.request.pause();
        x.head = new RequestHead(model, -1, -1, false, null, false, 0, TextSample.EMPTY);
        return null;
    }

    /** The request target with the model that the upstream knows. */
    static String target(String path, String asked, String sent) {
        if (asked.equals(sent)) return path;
        int query = path.indexOf('?');
        StringBuilder out = new StringBuilder(path.substring(0, query + 1));
        for (String pair : path.substring(query + 1).split("&", -1)) {
            if (out.charAt(out.length() - 1) != '?') out.append('&');
            out.append(pair.startsWith("model=") ? "model=" + PathSegment.encode(sent) : pair);
        }
        return out.toString();
    }

    @Override
    public void start() {
        Exchange x = attempt.exchange();
        x.request.toWebSocket().onComplete(upgraded -> {
            if (x.ended) {
                if (upgraded.succeeded()) upgraded.result().close(GOING_AWAY);
                closeUpstream();
            } else if (upgraded.succeeded()) {
                joined(x, upgraded.result());
            } else {
                attempt.fail(Failure.of(FailureKind.INVALID_REQUEST, "the upgrade to WebSocket failed"));
            }
        });
    }

    private void joined(Exchange x, ServerWebSocket socket) {
        Side near = new Side(socket);
        Side far = new Side(upstream);
        client = near;
        provider = far;
        x.streamed = true;
        attempt.handover().commitSocket();
        x.deadline(FailureKind.TIMEOUT, System.nanoTime() + sessions().limit().toNanos());
        near.pump(far, new FromClient());
        far.pump(near, new FromUpstream(near));
        timer = attempt.vertx().setPeriodic(sessions().pingEvery().toMillis(), _ -> look());
        if (x.guest != null) x.guest.session(this);
        upstream.resume();
        if (attempt.plane().load().isDraining()) sayGoodbye(0);
    }

    /** The gateway is about to stop: the session ends when nothing is being said, at the latest after a time. */
    void sayGoodbye(long patienceMillis) {
        if (!responding || patienceMillis <= 0) {
            leave(STOPPING);
        } else {
            leaving = true;
            attempt.vertx().setTimer(patienceMillis, _ -> leave(STOPPING));
        }
    }

    /** Now and then: whether both sides are there, and the caller may still be. */
    private void look() {
        Side near = client;
        Side far = provider;
        if (ended || near == null || far == null) return;
        Failure refused = turns.permitted();
        if (refused != null) refuse(refused);
        else if (!far.isThere()) upstreamClosed(NO_FRAME, null);
        else if (!near.isThere()) cutOff(near);
    }

    /** A farewell would wait behind what this client does not take. */
    private void cutOff(Side near) {
        near.closing = true;
        clientClosed(NO_FRAME, null);
        Connections.Guest guest = attempt.exchange().guest;
        if (guest != null) guest.cutOff();
    }

    /** Reads along events that may tell usage, whole or in pieces; longer ones than a megabyte tell none. */
    private void tap(WebSocketFrame frame) {
        if (frame.isText()) event.setLength(0);
        else if (!frame.isContinuation()) return;
        if (event.length() > MAX_EVENT) return;
        event.append(frame.textData());
        if (!frame.isFinal()) return;
        String text = event.toString();
        event.setLength(0);
        if (!responding && text.contains(CREATED)) responding = true;
        if (!text.contains(DONE)) return;
        Json json = Json.parse(text.getBytes(StandardCharsets.UTF_8));
        if (json == null || !"response.done".equals(json.get("type").text())) return;
        Json told = json.get("response").get("usage");
        Json details = told.get("input_token_details");
        turn = new Usage(
                told.get("input_tokens").integer(0),
                details.get("cached_tokens").integer(0),
                0,
                told.get("output_tokens").integer(0),
                0);
    }

    /** What was read last is on its way to the client. */
    private void responsePassed() {
        Usage used = turn;
        if (used == null) return;
        turn = null;
        responding = false;
        if (ended) return;
        Failure refused = turns.ended(used);
        if (refused != null) refuse(refused);
        else if (leaving) leave(STOPPING);
    }

    /** The caller may not go on. */
    private void refuse(Failure failure) {
        end(POLICY, failure.kind().code());
        attempt.refuseToGoOn(failure);
    }

    private void leave(String reason) {
        if (ended) return;
        end(GOING_AWAY, reason);
        attempt.complete();
    }

    private void clientClosed(short code, @Nullable String reason) {
        if (ended) return;
        if (code == NO_FRAME) {
            end(GOING_AWAY, null);
            attempt.clientLeft();
        } else {
            end(code, reason);
            attempt.complete();
        }
    }

    private void upstreamClosed(short code, @Nullable String reason) {
        if (ended) return;
        String service = "service \"" + attempt.target().service().name() + "\"";
        if (code == NO_CODE || code == NO_FRAME) {
            attempt.fail(Failure.of(FailureKind.UPSTREAM_CUT, service + " broke off the session"));
        } else if (code == GOING_WRONG) {
            end(code, reason);
            attempt.failTold(Failure.of(FailureKind.UPSTREAM_ERROR, service + " failed in the session"));
        } else {
            end(code, reason);
            attempt.complete();
        }
    }

    /** Closes both sides, as far as they are open. */
    private void end(short code, @Nullable String reason) {
        close();
        if (client != null) client.close(code, reason);
        if (provider != null) provider.close(code == POLICY ? GOING_AWAY : code, reason);
    }

    private void close() {
        ended = true;
        attempt.vertx().cancelTimer(timer);
    }

    /** Ends the upstream's side, if it has not ended. */
    @Override
    public void letGo() {
        close();
        closeUpstream();
    }

    private void closeUpstream() {
        if (provider != null) provider.close(GOING_AWAY, null);
        else if (!upstream.isClosed()) upstream.close(GOING_AWAY);
    }

    /** A session may end at any time. */
    @Override
    public boolean isWhole() {
        return client != null;
    }

    /** It has lasted as long as one may. */
    @Override
    public void finish() {
        leave("the session has lasted as long as one may (setting: --session-ms)");
    }

    @Override
    public void breakOff(Failure failure) {
        if (client != null) client.close(GOING_WRONG, failure.kind().code());
    }

    private Sessions sessions() {
        return attempt.options().transport().sessions();
    }

    /** What comes of the frames of one side. */
    private interface Listener {
        void seen(WebSocketFrame frame);

        /** A frame is on its way to the other side, and cannot be read any more. */
        void passed(int bytes, Future<Void> written);

        /** Whether frames may wait that the other side is slow to take; otherwise the session has been ended. */
        boolean mayWait();

        void waitsNoLonger();

        /** What the side closed with. */
        void closed(short code, @Nullable String reason);
    }

    private final class FromClient implements Listener {
        @Override
        public void seen(WebSocketFrame frame) {
            attempt.exchange().streamedBytes += frame.binaryData().length();
        }

        @Override
        public void passed(int bytes, Future<Void> written) {}

        @Override
        public boolean mayWait() {
            return true;
        }

        @Override
        public void waitsNoLonger() {}

        @Override
        public void closed(short code, @Nullable String reason) {
            clientClosed(code, reason);
        }
    }

    private final class FromUpstream implements Listener {
        private final Side near;

        FromUpstream(Side near) {
            this.near = near;
        }

        @Override
        public void seen(WebSocketFrame frame) {
            attempt.exchange().responseBytes += frame.binaryData().length();
            tap(frame);
        }

        @Override
        public void passed(int bytes, Future<Void> written) {
            attempt.handover().leaves(bytes, written);
            responsePassed();
        }

        @Override
        public boolean mayWait() {
            if (ended || attempt.handover().waits()) return true;
            cutOff(near);
            return false;
        }

        @Override
        public void waitsNoLonger() {
            attempt.handover().waitsNoLonger();
        }

        @Override
        public void closed(short code, @Nullable String reason) {
            upstreamClosed(code, reason);
        }
    }

    /** One of the two ends: its frames, and whether it is still there. */
    private static final class Side {
        /** So often a question may stay without an answer, or what was sent may not be taken at all. */
        private static final int MAX_MISSED = 2;

        private final WebSocketBase socket;
        /** Its frames wait until the other side has taken what came before. */
        private boolean held;

        private boolean closing;
        private int unanswered;
        private int untaken;

        Side(WebSocketBase socket) {
            this.socket = socket;
            socket.pongHandler(_ -> unanswered = 0);
            // What breaks closes as well.
            socket.exceptionHandler(_ -> {});
        }

        void pump(Side to, Listener listener) {
            socket.frameHandler(frame -> {
                // An answer may come behind much else.
                unanswered = 0;
                if (frame.isClose()) {
                    closing = true;
                    listener.closed(frame.closeStatusCode(), frame.closeReason());
                    return;
                }
                // Each side asks and answers for itself.
                if (frame.isPing() || frame.type() == WebSocketFrameType.PONG) return;
                listener.seen(frame);
                int bytes = frame.binaryData().length();
                Future<Void> written = to.socket.isClosed() ? Future.succeededFuture() : to.socket.writeFrame(frame);
                if (!to.socket.isClosed() && to.socket.writeQueueFull() && listener.mayWait()) hold(to, listener);
                listener.passed(bytes, written);
            });
            socket.closeHandler(_ -> {
                Short code = socket.closeStatusCode();
                // What it said before it closed may still be held.
                if (code == null || code == NO_FRAME || !held) listener.closed(code == null ? NO_FRAME : code, null);
            });
        }

        private void hold(Side to, Listener listener) {
            held = true;
            socket.pause();
            to.socket.drainHandler(_ -> {
                to.untaken = 0;
                held = false;
                listener.waitsNoLonger();
                socket.resume();
            });
        }

        /** Asks once more, unless it has not answered for too long or takes nothing. One that is held cannot be heard. */
        boolean isThere() {
            untaken = !socket.isClosed() && socket.writeQueueFull() ? untaken + 1 : 0;
            if (untaken > MAX_MISSED) return false;
            if (held) {
                unanswered = 0;
                return true;
            }
            if (socket.isClosed() || unanswered == MAX_MISSED) return false;
            unanswered++;
            socket.writePing(Buffer.buffer());
            return true;
        }

        void close(short code, @Nullable String reason) {
            if (closing || socket.isClosed()) return;
            closing = true;
            // What stands for something that was not said must not be said.
            if (code == NO_CODE || code == NO_FRAME) socket.close();
            else socket.close(code, reason == null ? null : reason.substring(0, Math.min(reason.length(), MAX_REASON)));
        }
    }
}
