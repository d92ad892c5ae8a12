package dev.sluice.traffic.usage;

import dev.sluice.protocol.TextSample;

/** Counts the tokens of a text when the upstream does not. */
public interface Tokenizer {
    /** Estimated tokens of a sampled text: exact for the head, in proportion for the rest. */
    long estimate(String model, TextSample text);

    /**
     * Tokens of a text by its length alone, cheap enough for every call: four letters of English and a bit more than one
     * Chinese character are a token, and either takes about four bytes.
     */
    static long roughly(TextSample text) {
        return Math.ceilDiv(text.totalBytes(), 4L);
    }
}
