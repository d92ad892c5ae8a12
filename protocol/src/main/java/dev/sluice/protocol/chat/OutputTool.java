package dev.sluice.protocol.chat;

/**
 * The tool whose arguments are the answer, for models without structured output that can be made to call a tool. Its name is
 * reserved: a call of it is always the text of the answer.
 */
public final class OutputTool {
    private OutputTool() {}

    public static String name() {
        return "sluice_json_output";
    }
}
