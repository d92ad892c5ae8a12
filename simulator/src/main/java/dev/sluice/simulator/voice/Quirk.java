package dev.sluice.simulator.voice;

/** Habits of vendors of the OpenAI wire format that change what an answer looks like. */
public enum Quirk {
    /** The reasoning is told, in a field beside the text: {@code reasoning_content}. */
    REASONING_CONTENT,
    /** The reasoning is told inside the text, between {@code <think>} tags. */
    THINK,
    /** The first chunk has no choices but the results of a content filter. */
    AZURE
}
