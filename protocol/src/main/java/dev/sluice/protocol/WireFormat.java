package dev.sluice.protocol;

import dev.sluice.protocol.sse.EventSplitter;
import dev.sluice.protocol.sse.Splitter;
import java.util.Map;

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

    /**
     * A new tap for the streamed answer to a request.
     *
     * @param request as it was sent, for formats whose requests say how their streams are to be read
     */
    default StreamTap tap(byte[] request) {
        return tap();
    }

    /** The body of an error answer. */
    byte[] errorBody(ClientError error);

    /** The HTTP status with which an error is told. */
    default int errorStatus(ClientError error) {
        return error.status();
    }

    /** What an error answer has in its head beside the body. */
    default Map<String, String> errorHeaders(ClientError error) {
        return Map.of();
    }

    /** An error inside a stream that has begun: one complete event; the stream ends after it. */
    byte[] errorEvent(ClientError error);

    /** What is still to be said where a stream breaks off behind the reason why it ended; empty if that is the last word of the format. */
    default byte[] endEvent() {
        return new byte[0];
    }

    /**
     * Cuts a stream of this format into the events that its {@link #tap} looks at.
     *
     * @param maxEventBytes longest event
     */
    default Splitter splitter(int maxEventBytes) {
        return new EventSplitter(maxEventBytes);
    }
}
