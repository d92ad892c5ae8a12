package dev.sluice.traffic.usage;

import dev.sluice.protocol.TextSample;

/** Counts the tokens of a text when the upstream does not. */
public interface Tokenizer {
    /** Estimated tokens of a sampled text: exact for the head, in proportion for the rest. */
    long estimate(String model, TextSample text);
}
