package dev.sluice.proxy;

import dev.sluice.protocol.PathSegment;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.json.Json;
import dev.sluice.settings.Operation;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Relays a realtime session: frames pass in both directions as they come, whichever side is slower sets the pace, and the close
 * code of one side is told to the other. Usage is added up from the events {@code response.done}.
 */
final class SocketRelay implements Relay {
    /** The subprotocol of realtime sessions. */
    static final String PROTOCOL = "realtime";

    private static final String KEY_PROTOCOL = "openai-insecure-api-key.";
    private static final String DONE = "\"response.done\"";
    private static final long SESSION_NANOS = 24L * 3600 * 1_000_000_000L;
    private static final short GOING_WRONG = 1011;
    private static final int MAX_EVENT = 1 << 20;

    private final Attempt attempt;
    private final WebSocket upstream;
    private final StringBuilder event = new StringBuilder();
    private @Nullable ServerWebSocket client;
    private Usage usage = Usage.ZERO;
    private boolean ended;

    SocketRelay(Attempt attempt, WebSocket upstream) {
        this.attempt = attempt;
        this.upstream = upstream;
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
        x.head = new RequestHead(model, -1, -1, false, null, 0, TextSample.EMPTY);
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
        x.deadline(FailureKind.TIMEOUT, System.nanoTime() + SESSION_NANOS);
        x.request.toWebSocket().onComplete(upgraded -> {
            if (x.ended) {
                closeUpstream();
            } else if (upgraded.succeeded()) {
                joined(x, upgraded.result());
            } else {
                attempt.fail(Failure.of(FailureKind.INVALID_REQUEST, "the upgrade to WebSocket failed"));
            }
        });
    }

    private void joined(Exchange x, ServerWebSocket socket) {
        client = socket;
        x.streamed = true;
        attempt.commitSocket();
        pump(socket, upstream, frame -> x.streamedBytes += frame.binaryData().length());
        pump(upstream, socket, frame -> {
            x.responseBytes += frame.binaryData().length();
            tap(frame);
        });
        socket.closeHandler(_ -> closed(socket, upstream));
        upstream.closeHandler(_ -> closed(upstream, socket));
        socket.exceptionHandler(_ -> {});
        upstream.exceptionHandler(_ -> {});
        upstream.resume();
    }

    private static void pump(WebSocketBase from, WebSocketBase to, java.util.function.Consumer<WebSocketFrame> seen) {
        from.frameHandler(frame -> {
            // Vert.x answers pings and passes close codes on in its close handler.
            if (frame.isClose() || frame.isPing()) return;
            seen.accept(frame);
            if (to.isClosed()) return;
            to.writeFrame(frame);
            if (!to.writeQueueFull()) return;
            from.pause();
            to.drainHandler(_ -> from.resume());
        });
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
        if (!text.contains(DONE)) return;
        Json json = Json.parse(text.getBytes(StandardCharsets.UTF_8));
        if (json == null || !"response.done".equals(json.get("type").text())) return;
        Json told = json.get("response").get("usage");
        Json details = told.get("input_token_details");
        usage = usage.plus(new Usage(
                told.get("input_tokens").integer(0),
                details.get("cached_tokens").integer(0),
                0,
                told.get("output_tokens").integer(0),
                0));
    }

    private void closed(WebSocketBase gone, WebSocketBase other) {
        if (ended) return;
        ended = true;
        Short code = gone.closeStatusCode();
        if (!other.isClosed()) {
            // 1005 and 1006 say that no code came; they must not be sent.
            if (code == null || code == 1005 || code == 1006) other.close();
            else other.close(code, gone.closeReason());
        }
        attempt.complete();
    }

    /** Ends the upstream's side, if it has not ended. */
    @Override
    public void letGo() {
        closeUpstream();
    }

    private void closeUpstream() {
        if (!upstream.isClosed()) upstream.close();
    }

    @Override
    public void record(Exchange x) {
        if (usage.totalTokens() > 0) x.reportedUsage = usage;
    }

    @Override
    public void breakOff(Failure failure) {
        ServerWebSocket socket = client;
        if (socket != null && !socket.isClosed())
            socket.close(GOING_WRONG, failure.kind().code());
    }
}
