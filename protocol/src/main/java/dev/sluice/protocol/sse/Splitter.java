package dev.sluice.protocol.sse;

/** Cuts the bytes of a stream into its events, however they arrive. Used by one event loop only. */
public interface Splitter {
    /**
     * Takes the next chunk and hands every event that it completes to the sink, in order.
     *
     * @return false if an event is longer than allowed; nothing more comes out then, whatever is fed
     */
    boolean feed(byte[] chunk, int from, int to, EventSplitter.Sink sink);

    /** The stream has ended: hands on what is left, where the end completes it. */
    void end(EventSplitter.Sink sink);
}
