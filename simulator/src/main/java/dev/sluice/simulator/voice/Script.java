package dev.sluice.simulator.voice;

import dev.sluice.protocol.Usage;
import java.util.List;

/**
 * A whole answer before anything happens to it: head, frames, end.
 *
 * @param stream whether the frames are events of a stream; otherwise the one frame is the body
 * @param usage what the provider bills for the whole answer, whether or not the answer tells it
 */
public record Script(
        int status, String contentType, List<Header> headers, boolean stream, List<Frame> frames, Usage usage) {
    public Script {
        headers = List.copyOf(headers);
        frames = List.copyOf(frames);
        if (!stream && frames.size() > 1) {
            throw new IllegalArgumentException("frames of a whole body: " + frames.size() + " (expected: at most 1)");
        }
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
