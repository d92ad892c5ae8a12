package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatRequest;

/** The operations of the DashScope wire format. */
public final class DashScope {
    private static final ChatFormat GENERATION = new GenerationFormat();

    private DashScope() {}

    /** {@code POST …/text-generation/generation} and {@code …/multimodal-generation/generation}. */
    public static ChatFormat generation() {
        return GENERATION;
    }

    /** Whether a request goes to the path for several media; its model or its messages tell. */
    public static boolean isMultimodal(ChatRequest request) {
        return Parts.isMultimodal(request);
    }
}
