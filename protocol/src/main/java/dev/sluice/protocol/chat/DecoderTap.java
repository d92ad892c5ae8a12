package dev.sluice.protocol.chat;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads along a stream of server-sent events that is passed through, with the decoder of its format. */
final class DecoderTap implements StreamTap {
    private final StreamDecoder decoder;
    private final Delivered delivered = new Delivered();
    private final Consumer<ChatEvent> sink = this::seen;
    private EventKind kind = EventKind.LIFECYCLE;
    private @Nullable Usage usage;
    private boolean finished;
    private boolean ended;
    private UpstreamError error = UpstreamError.NONE;

    DecoderTap(StreamDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public EventKind event(byte[] bytes, int from, int to) {
        kind = EventKind.LIFECYCLE;
        decoder.feed(bytes, from, to, sink);
        return kind;
    }

    private void seen(ChatEvent event) {
        delivered.add(event);
        if (event instanceof ChatEvent.Failed(UpstreamError told)) error = told;
        if (event instanceof ChatEvent.UsageReport(Usage reported)) usage = reported;
        if (event instanceof ChatEvent.Finished) finished = true;
        if (event instanceof ChatEvent.Ended) ended = true;
        // Of several steps that one event makes the weightiest counts; usage is never hidden here.
        EventKind told = EventJudge.kind(event);
        if (told == EventKind.USAGE_ONLY) told = EventKind.LIFECYCLE;
        if (weight(told) > weight(kind)) kind = told;
    }

    private static int weight(EventKind kind) {
        return switch (kind) {
            case LIFECYCLE, USAGE_ONLY -> 0;
            case END -> 1;
            case CONTENT -> 2;
            case ERROR -> 3;
        };
    }

    @Override
    public @Nullable Usage usage() {
        return usage != null || finished ? usage : decoder.told();
    }

    @Override
    public boolean isFinished() {
        return finished || ended;
    }

    @Override
    public boolean isEnded() {
        return ended;
    }

    @Override
    public UpstreamError error() {
        return error;
    }

    @Override
    public TextSample output() {
        return delivered.sample();
    }
}
