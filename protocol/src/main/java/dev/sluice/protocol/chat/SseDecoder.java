package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.sse.EventSplitter;
import dev.sluice.protocol.sse.ServerSentEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decodes a stream of server-sent events whose data is JSON; what the JSON means is the matter of a {@link Reader}. */
public final class SseDecoder implements StreamDecoder {
    /** Understands the events of one format, for one stream. */
    public interface Reader {
        /**
         * @param name of the event; empty if it has none
         * @param data a JSON object
         */
        void event(String name, Json data, Steps steps);

        /** The event {@code [DONE]}. */
        default void done(Steps steps) {
            steps.end();
        }

        /** The upstream closed the stream. */
        default void closed(Steps steps) {
            steps.end();
        }

        /** As {@link StreamDecoder#stop}, until the stream is over. */
        default @Nullable Stop stop(@Nullable String user) {
            return null;
        }
    }

    private final int maxEventBytes;
    private final EventSplitter splitter;
    private final Reader reader;
    private final ServerSentEvent sse = new ServerSentEvent();
    private final Steps steps = new Steps();

    public SseDecoder(int maxEventBytes, Reader reader) {
        this.maxEventBytes = maxEventBytes;
        this.splitter = new EventSplitter(maxEventBytes);
        this.reader = reader;
    }

    @Override
    public void feed(byte[] bytes, int from, int to, Consumer<ChatEvent> sink) {
        steps.into(sink);
        if (!steps.isOver() && !splitter.feed(bytes, from, to, this::event))
            steps.malformed("is longer than " + maxEventBytes + " bytes");
    }

    @Override
    public void end(Consumer<ChatEvent> sink) {
        steps.into(sink);
        if (!steps.isOver()) splitter.end(this::event);
        if (!steps.isOver()) reader.closed(steps);
    }

    @Override
    public @Nullable Stop stop(@Nullable String user) {
        return steps.isOver() ? null : reader.stop(user);
    }

    @Override
    public @Nullable Usage told() {
        return steps.told();
    }

    private void event(byte[] bytes, int from, int to) {
        if (steps.isOver()) return;
        sse.read(bytes, from, to);
        String name = new String(sse.bytes(), sse.nameFrom(), sse.nameTo() - sse.nameFrom(), UTF_8);
        String data = new String(sse.data(), sse.dataFrom(), sse.dataTo() - sse.dataFrom(), UTF_8).strip();
        if (!sse.hasData()) {
            bare(name, bytes, from, to);
        } else if (name.equals("error")) {
            steps.fail(
                    data.isEmpty()
                            ? ErrorReader.UNEXPLAINED
                            : ErrorReader.explain(sse.data(), sse.dataFrom(), sse.dataTo()));
        } else if (data.isEmpty()) {
            steps.ping();
        } else if (data.equals("[DONE]")) {
            reader.done(steps);
        } else {
            Json json = Json.parse(data);
            if (json == null) steps.malformed("is not valid JSON");
            else if (json.isObject()) reader.event(name, json, steps);
            else other();
        }
    }

    /** An event without data is none by the rules; a bare JSON error in place of a stream would be lost that way. */
    private void bare(String name, byte[] bytes, int from, int to) {
        int begin = from;
        while (begin < to && bytes[begin] <= ' ' && bytes[begin] >= 0) begin++;
        boolean json = begin < to && (bytes[begin] == '{' || bytes[begin] == '[');
        UpstreamError told = json ? ErrorReader.find(bytes, begin, to) : null;
        if (told != null) steps.fail(told);
        else if (name.equals("error")) steps.fail(ErrorReader.UNEXPLAINED);
        else steps.ping();
    }

    private void other() {
        UpstreamError told = ErrorReader.find(sse.data(), sse.dataFrom(), sse.dataTo());
        if (told == null) steps.malformed("is not a JSON object");
        else steps.fail(told);
    }
}
