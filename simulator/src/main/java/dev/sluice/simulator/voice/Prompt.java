package dev.sluice.simulator.voice;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks, apart from its wire format.
 *
 * @param lastUserText what the user said last; empty when the user said nothing
 * @param toolResult the result of a tool when the conversation ends with one; otherwise null
 * @param tools the tools that may be called now, none when the request forbids it
 * @param parallel whether several tools may be called at once
 * @param maxTokens the most visible output tokens
 * @param stops texts at which the answer ends, not included in it
 * @param tokens tokens of everything that was said, by {@link Tokens}
 */
public record Prompt(
        String lastUserText,
        @Nullable String toolResult,
        List<Tool> tools,
        boolean parallel,
        OutputForm form,
        int maxTokens,
        List<String> stops,
        int tokens) {
    public Prompt {
        tools = List.copyOf(tools);
        stops = List.copyOf(stops);
    }
}
