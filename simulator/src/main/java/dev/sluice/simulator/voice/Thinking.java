package dev.sluice.simulator.voice;

import java.util.ArrayList;
import java.util.List;

/** What the model is shown to think before it answers, the same in every wire format. */
public final class Thinking {
    private static final int USUAL_TOKENS = 8;
    private static final String WORDS = "The user wants an answer, so I";

    private Thinking() {}

    /** Wishes under which the usage counts the thinking of a request that asks for it. */
    public static Wishes asked(Wishes wishes, boolean asked) {
        return asked && wishes.reasoningTokens() == 0 ? wishes.withReasoning(USUAL_TOKENS) : wishes;
    }

    /** The thoughts in the pieces in which they stream, as many as the usage counts; none when it counts none. */
    public static List<String> of(Wishes wishes) {
        String text = Reply.sized(WORDS, Math.toIntExact(Math.min(wishes.reasoningTokens(), 1_000_000)));
        return new ArrayList<>(Tokens.split(text));
    }

    /** The signature that makes the thoughts believed when they are sent back. */
    public static String signature(Heard heard) {
        return "c2ln" + heard.id("signature");
    }
}
