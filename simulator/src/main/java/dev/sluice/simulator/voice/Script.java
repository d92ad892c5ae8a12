package dev.sluice.simulator.voice;

import dev.sluice.protocol.Usage;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole answer before anything happens to it: head, frames, end.
 *
 * @param stream whether the frames are events of a stream; otherwise the one frame is the body
 * @param usage what the provider bills for the whole answer, whether or not the answer tells it
 */
public record Script(
        int status, String contentType, List<Header> headers, boolean stream, List<Frame> frames, Usage usage) {
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream; charset=utf-8";

    public Script {
        headers = List.copyOf(headers);
        frames = List.copyOf(frames);
        if (!stream && frames.size() > 1) {
            throw new IllegalArgumentException("frames of a whole body: " + frames.size() + " (expected: at most 1)");
        }
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** A whole answer that delivers everything in one body. */
    public static Script whole(JsonObject body, Usage usage, boolean told, Header... headers) {
        return whole(body.encode(), usage, told, headers);
    }

    /** A whole answer that delivers everything in one body. */
    public static Script whole(String body, Usage usage, boolean told, Header... headers) {
        int output = Math.toIntExact(Math.min(Integer.MAX_VALUE, usage.outputTokens() - usage.reasoningTokens()));
        Frame frame = Frame.content(body, output).reporting(told ? usage : null);
        return new Script(200, JSON, List.of(headers), false, List.of(frame), usage);
    }

    /** A stream of server-sent events. */
    public static Script events(List<Frame> frames, Usage usage, Header... headers) {
        List<Header> all = new ArrayList<>(List.of(headers));
        all.addFirst(new Header("cache-control", "no-cache"));
        return new Script(200, EVENTS, all, true, frames, usage);
    }

    /** The same with another content type. */
    public Script as(String type) {
        return new Script(status, type, headers, stream, frames, usage);
    }

    /** A refusal with an error body, also when the format puts it inside a success. */
    public static Script error(int status, JsonObject body, Header... headers) {
        Frame frame = new Frame(Frame.Kind.ERROR, body.toBuffer(), 0, null);
        return new Script(status, JSON, List.of(headers), false, List.of(frame), Usage.ZERO);
    }

    /** How the frames are told apart. */
    public Framing framing() {
        if (!stream) {
            return Framing.WHOLE;
        }
        if (contentType.startsWith("text/event-stream")) {
            return Framing.EVENTS;
        }
        return contentType.startsWith(JSON) ? Framing.ARRAY : Framing.BINARY;
    }
}
