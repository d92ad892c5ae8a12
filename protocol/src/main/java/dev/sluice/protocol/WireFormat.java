package dev.sluice.protocol;

/**
 * One operation of one wire format, e.g. OpenAI chat completions: finds what the gateway must know in a request and an
 * answer, and gives errors their form. Stateless; safe for all event loops.
 */
public interface WireFormat {
    /**
     * One pass over a request body: validates that it is JSON and finds the fields that the gateway owns or reads.
     *
     * @param asked what path and headers say of a format that keeps the model or the wish to stream there
     */
    Peek peek(byte[] body, Asked asked);

    /** Judges a whole answer that came with a success status. */
    Answer inspect(byte[] body, int from, int to);

    /** A new tap for one streamed answer. */
    StreamTap tap();

    /** The body of an error answer. */
    byte[] errorBody(ClientError error);

    /** An error inside a stream that has begun: one complete event; the stream ends after it. */
    byte[] errorEvent(ClientError error);
}
