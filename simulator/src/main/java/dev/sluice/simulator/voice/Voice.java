package dev.sluice.simulator.voice;

import io.vertx.core.buffer.Buffer;

/**
 * One operation of one wire format as its provider speaks it. Stateless, and pure: the same arguments give the same
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
}
