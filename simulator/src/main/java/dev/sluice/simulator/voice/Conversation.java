package dev.sluice.simulator.voice;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was said so far, gathered from the messages of a request in their order. Insists that results of tools belong to calls, as every
 * provider does.
 */
public final class Conversation {
    private final Map<String, String> openCalls = new LinkedHashMap<>();
    private String lastUserText = "";
    private @Nullable String toolResult;
    private int tokens;

    /** Something that counts as input but is not answered: instructions, earlier answers. */
    public void heard(String text) {
        tokens += Tokens.count(text);
    }

    /** The user says something. */
    public void user(String text) {
        heard(text);
        lastUserText = text;
        toolResult = null;
    }

    /** The model says something; calls that it makes follow. */
    public void assistant(String text) {
        heard(text);
        toolResult = null;
    }

    /** The model calls a tool. */
    public void call(String id, String name, String arguments) {
        heard(arguments);
        openCalls.put(id, name);
        toolResult = null;
    }

    /**
     * The result of a call.
     *
     * @param id the id of the call
     */
    public void result(String id, String text, String where) throws Rejection {
        if (openCalls.remove(id) == null) {
            throw new Rejection(
                    Complaint.invalid(where, where + ": no call of a tool before it has the id \"" + id + "\""));
        }
        told(text);
    }

    /** The result of a call of a format that tells calls apart by the name of the tool. */
    public void resultOf(String name, String text, String where) throws Rejection {
        if (!openCalls.values().remove(name)) {
            throw new Rejection(
                    Complaint.invalid(where, where + ": no call before it is of the function \"" + name + "\""));
        }
        told(text);
    }

    private void told(String text) {
        heard(text);
        toolResult = toolResult == null ? text : toolResult + "\n" + text;
    }

    /** Rejects the request when calls are left without a result. */
    public void allAnswered(String where) throws Rejection {
        if (!openCalls.isEmpty()) {
            throw new Rejection(Complaint.invalid(
                    where, where + ": calls of tools without a result: " + String.join(", ", openCalls.keySet())));
        }
    }

    public int tokens() {
        return tokens;
    }

    /** The prompt that the conversation comes to. */
    public Prompt prompt(List<Tool> tools, boolean parallel, OutputForm form, int maxTokens, List<String> stops) {
        return new Prompt(lastUserText, toolResult, tools, parallel, form, maxTokens, stops, tokens);
    }

    /** The prompt of a format without tools and limits. */
    public Prompt prompt() {
        return prompt(List.of(), true, new OutputForm.Text(), Integer.MAX_VALUE, List.of());
    }
}
