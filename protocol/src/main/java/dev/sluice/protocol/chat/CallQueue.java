package dev.sluice.protocol.chat;

import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the calls of tools of one streamed answer one behind the other, for formats whose blocks follow one another: fragments of
 * several calls may alternate, so a call waits until the arguments of the one before are a whole document.
 */
public final class CallQueue {
    /** Writes one call after the other. */
    public interface Sink {
        void begin(ChatEvent.ToolCallStarted call, ByteArrayOutputStream out);

        /** A fragment of the arguments of the call that has begun last. */
        void arguments(String fragment, ByteArrayOutputStream out);

        void end(ByteArrayOutputStream out);
    }

    private static final class Call {
        private final ChatEvent.ToolCallStarted start;
        private final StringBuilder arguments = new StringBuilder();

        private Call(ChatEvent.ToolCallStarted start) {
            this.start = start;
        }

        private boolean isWhole() {
            return !arguments.isEmpty()
                    && arguments.charAt(arguments.length() - 1) == '}'
                    && Json.parse(arguments.toString()) != null;
        }
    }

    private final Sink sink;
    private final List<Call> calls = new ArrayList<>();
    private @Nullable Call open;
    /** How many calls have begun. */
    private int begun;

    public CallQueue(Sink sink) {
        this.sink = sink;
    }

    public void start(ChatEvent.ToolCallStarted call, ByteArrayOutputStream out) {
        calls.add(new Call(call));
        advance(out);
    }

    /** Takes a fragment; one of a call that is over is lost, as the client has seen its end. */
    public void arguments(int index, String fragment, ByteArrayOutputStream out) {
        if (index >= calls.size() || index < begun - 1) return;
        Call call = calls.get(index);
        call.arguments.append(fragment);
        if (index >= begun || open == null) return;
        sink.arguments(fragment, out);
        advance(out);
    }

    /** Something else comes: all calls so far are over. */
    public void close(ByteArrayOutputStream out) {
        while (begun < calls.size()) next(out);
        if (open != null) sink.end(out);
        open = null;
    }

    private void advance(ByteArrayOutputStream out) {
        while (begun < calls.size() && (open == null || open.isWhole())) next(out);
    }

    private void next(ByteArrayOutputStream out) {
        if (open != null) sink.end(out);
        Call call = calls.get(begun++);
        open = call;
        sink.begin(call.start, out);
        if (!call.arguments.isEmpty()) sink.arguments(call.arguments.toString(), out);
    }
}
