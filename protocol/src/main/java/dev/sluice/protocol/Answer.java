package dev.sluice.protocol;

import org.jspecify.annotations.Nullable;

/** What a whole (not streamed) answer with a success status turned out to be. */
public sealed interface Answer {
    /**
     * A usable answer.
     *
     * @param usage what the upstream reported, if it did
     * @param output the generated text, for an estimate when usage is missing
     * @param units what the answer tells of images, sound and video
     */
    record Complete(@Nullable Usage usage, TextSample output, Units units) implements Answer {
        public Complete(@Nullable Usage usage, TextSample output) {
            this(usage, output, Units.NONE);
        }
    }

    /** An error told inside a success status. */
    record Failed(UpstreamError error) implements Answer {}

    /** Not an answer of this wire format: broken JSON, or nothing in it. */
    record Malformed(String why) implements Answer {}
}
