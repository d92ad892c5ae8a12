package dev.sluice.simulator.voice;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * One operation of one wire format as its provider speaks it. Stateless, and pure unless it says otherwise: the same arguments give the same
 * bytes. A voice knows nothing of time, connections or faults; it hands out frames and others decide how they travel.
 */
public interface Voice {
    /** The model that a request names, as it is written there; empty when it names none. */
    String model(Heard heard);

    /** The answer to a request, which is a refusal when the request breaks the rules of the format. */
    Script answer(Heard heard, Wishes wishes);

    /** A whole error answer in the form of the format. */
    Script refusal(Complaint complaint);

    /**
     * An error inside a stream that has begun.
     *
     * @param eventsBefore how many events the stream carried before, for formats that number them
     */
    Buffer errorEvent(Complaint complaint, int eventsBefore);

    /** Any JSON as an event of a stream, for errors that are written out in a fault. */
    default Buffer event(String json, int eventsBefore) {
        return Buffer.buffer("data: " + json + "\n\n");
    }

    /** A frame of this voice whose JSON is broken: its last brace is missing, and all else is in order. */
    default Buffer malformed(Buffer frame) {
        return Frame.withoutLastBrace(frame);
    }

    /** Names of the headers, and of the query parameters with a question mark before, that the answer depends on; in lower case. */
    default List<String> cues() {
        return List.of();
    }

    /** Whether the same arguments always give the same answer. */
    default boolean isPure() {
        return true;
    }
}
