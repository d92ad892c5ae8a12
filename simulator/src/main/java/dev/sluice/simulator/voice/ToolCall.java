package dev.sluice.simulator.voice;

/**
 * A call of a tool in an answer.
 *
 * @param id derived from the request; formats put their own prefix before it
 * @param input JSON arguments, or any text for a freeform tool
 */
public record ToolCall(String id, Tool tool, String input) {
    public int tokens() {
        return Tokens.count(tool.name()) + Tokens.count(input);
    }
}
