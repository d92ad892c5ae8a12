package dev.sluice.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Reads along one streamed answer, event by event, without changing it. Keeps the last usage, the error if one was told,
 * and a bounded sample of the text. Used by one event loop only.
 */
public interface StreamTap {
    /**
     * Looks at one complete event of the stream.
     *
     * @param bytes the buffer that holds it; only read during the call
     * @param from offset of its first byte
     * @param to offset behind its last line end
     */
    EventKind event(byte[] bytes, int from, int to);

    /** The newest usage seen; vendors that report in every event report running totals. */
    @Nullable
    Usage usage();

    /** What the events seen so far tell of images, sound and video. */
    default Units units() {
        return Units.NONE;
    }

    /** Whether the model said that it is done (a finish reason or the format's final event). */
    boolean isFinished();

    /** Whether the format's final event has come: nothing follows. */
    boolean isEnded();

    /** The error of the last event of kind {@link EventKind#ERROR}. */
    UpstreamError error();

    /** The text of the events seen so far. */
    TextSample output();

    /**
     * Where the last event holds a usage member that says nothing ({@code ,"usage":null}), so that it can be cut for a
     * client that did not ask for usage: offset of its first byte, or -1.
     */
    default int emptyUsageFrom() {
        return -1;
    }

    /** Offset behind that member. */
    default int emptyUsageTo() {
        return -1;
    }
}
