package dev.sluice.simulator.voice;

import org.jspecify.annotations.Nullable;

/** One wire format: it knows which requests are its own, and the voice that answers each of them. */
public interface WireFormat {
    /**
     * The voice that serves a request; null when the request is none of this format.
     *
     * @param path the path without the query; what stands before the format's own part of it does not matter
     */
    @Nullable
    Voice at(String method, String path, Cues cues);
}
