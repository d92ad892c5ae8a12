package dev.sluice.protocol.whole;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.sse.ServerSentEvent;
import org.jspecify.annotations.Nullable;

/** A stream where a document was due: only an error in it is understood. */
final class UnexpectedStream implements StreamTap {
    private final ServerSentEvent event = new ServerSentEvent();
    private UpstreamError error = UpstreamError.NONE;

    @Override
    public EventKind event(byte[] bytes, int from, int to) {
        event.read(bytes, from, to);
        if (!event.hasData()) return EventKind.LIFECYCLE;
        UpstreamError told = ErrorReader.find(event.data(), event.dataFrom(), event.dataTo());
        if (told == null) return EventKind.CONTENT;
        error = told;
        return EventKind.ERROR;
    }

    @Override
    public @Nullable Usage usage() {
        return null;
    }

    @Override
    public boolean isFinished() {
        return true;
    }

    @Override
    public boolean isEnded() {
        return true;
    }

    @Override
    public UpstreamError error() {
        return error;
    }

    @Override
    public TextSample output() {
        return TextSample.EMPTY;
    }
}
