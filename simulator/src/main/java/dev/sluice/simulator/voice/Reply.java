package dev.sluice.simulator.voice;

import dev.sluice.protocol.Usage;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * What is said in answer to a prompt, apart from its wire format: text in the pieces in which it streams, or tool calls.
 *
 * @param text pieces of text, empty when tools are called
 * @param calls tool calls, empty when there is text
 */
public record Reply(List<Piece> text, List<ToolCall> calls, Finish finish) {
    /** How many tools are called in parallel unless it is said otherwise. */
    private static final int USUAL_CALLS = 2;

    private static final int USUAL_ECHO_TOKENS = 64;

    private static final List<String> FILLER = List.of(
            " water", " runs", " through", " the", " open", " gate", " while", " every", " drop", " is", " counted");

    /** Text of one content event. */
    public record Piece(String text, int tokens) {}

    public Reply {
        text = List.copyOf(text);
        calls = List.copyOf(calls);
    }

    /**
     * The reply to a prompt.
     *
     * @param choice which of several alternative replies, from 0
     */
    public static Reply to(Prompt prompt, Wishes wishes, Heard heard, int choice) {
        Finish wished = wishes.finish();
        if (!prompt.tools().isEmpty()
                && prompt.toolResult() == null
                && wishes.toolCalls() != 0
                && wishes.text() == null) {
            return new Reply(
                    List.of(), calls(prompt, wishes, heard, choice), wished == null ? Finish.TOOL_CALLS : wished);
        }
        String full = beforeStop(words(prompt, wishes, choice), prompt.stops());
        String text = Tokens.first(full, prompt.maxTokens());
        boolean cut = text.length() < full.length();
        List<Piece> pieces = new ArrayList<>();
        if (wishes.hugeBytes() > 0) {
            String huge = "x".repeat(wishes.hugeBytes());
            pieces.add(new Piece(huge, Tokens.count(huge)));
        }
        for (String token : Tokens.split(text)) {
            pieces.add(new Piece(token, 1));
        }
        return new Reply(pieces, List.of(), wished != null ? wished : cut ? Finish.LENGTH : Finish.STOP);
    }

    public String joinedText() {
        StringBuilder joined = new StringBuilder();
        text.forEach(piece -> joined.append(piece.text()));
        return joined.toString();
    }

    /** Visible output tokens. */
    public int tokens() {
        return text.stream().mapToInt(Piece::tokens).sum()
                + calls.stream().mapToInt(ToolCall::tokens).sum();
    }

    /** What is billed for a prompt and its replies, with the wished cached and reasoning tokens. */
    public static Usage usage(int promptTokens, List<Reply> replies, Wishes wishes) {
        long output = replies.stream().mapToLong(Reply::tokens).sum();
        return usage(promptTokens, output, wishes);
    }

    /** What is billed for a prompt and visible output; cached tokens never exceed the input. */
    public static Usage usage(long promptTokens, long outputTokens, Wishes wishes) {
        long input = Math.max(promptTokens, wishes.cachedTokens() + wishes.cacheWrittenTokens());
        return new Usage(
                input,
                wishes.cachedTokens(),
                wishes.cacheWrittenTokens(),
                outputTokens + wishes.reasoningTokens(),
                wishes.reasoningTokens());
    }

    /** The part of a usage that is due once so many visible tokens are out: reasoning comes before the first of them. */
    public static Usage runningUsage(Usage whole, long visibleTokens) {
        long reasoning = visibleTokens > 0 ? whole.reasoningTokens() : 0;
        return new Usage(
                whole.inputTokens(),
                whole.cachedInputTokens(),
                whole.cacheWrittenTokens(),
                visibleTokens + reasoning,
                reasoning);
    }

    private static List<ToolCall> calls(Prompt prompt, Wishes wishes, Heard heard, int choice) {
        int usual = prompt.parallel() ? Math.min(USUAL_CALLS, prompt.tools().size()) : 1;
        int count = wishes.toolCalls() > 0 ? wishes.toolCalls() : usual;
        List<ToolCall> calls = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            Tool tool = prompt.tools().get(index % prompt.tools().size());
            String input = tool.freeform()
                    ? "Echo: " + Tokens.first(prompt.lastUserText(), USUAL_ECHO_TOKENS)
                    : Json.encode(SchemaInstance.of(tool.parameters()));
            calls.add(new ToolCall(heard.id("call" + choice + "-" + index), tool, input));
        }
        return calls;
    }

    private static String words(Prompt prompt, Wishes wishes, int choice) {
        String wished = wishes.text();
        if (wished != null) {
            return sized(wished, wishes.tokens());
        }
        return switch (prompt.form()) {
            case OutputForm.Text() -> sized(echo(prompt, choice, wishes.tokens()), wishes.tokens());
            case OutputForm.AnyJson() ->
                new JsonObject()
                        .put("answer", echo(prompt, choice, wishes.tokens()))
                        .encode();
            case OutputForm.Schema(JsonObject schema) -> Json.encode(SchemaInstance.of(schema));
        };
    }

    private static String echo(Prompt prompt, int choice, int tokens) {
        String result = prompt.toolResult();
        String speaker = result == null ? "Echo" : "Tool said";
        String number = choice == 0 ? "" : " " + (choice + 1);
        String said =
                Tokens.first(result == null ? prompt.lastUserText() : result, Math.max(USUAL_ECHO_TOKENS, tokens));
        return speaker + number + ": " + said;
    }

    /** The text cut, or filled up with words, to an exact number of tokens. */
    static String sized(String text, int tokens) {
        if (tokens < 0) {
            return text;
        }
        StringBuilder sized = new StringBuilder(Tokens.first(text, tokens));
        // White space at the end would melt into the next word and change the count.
        int filled = Tokens.count(sized.toString());
        if (filled < tokens) {
            String stripped = sized.toString().stripTrailing();
            sized.setLength(stripped.length());
            filled = Tokens.count(stripped);
        }
        for (int word = 0; filled < tokens; word++, filled++) {
            sized.append(FILLER.get(word % FILLER.size()));
        }
        return sized.toString();
    }

    private static String beforeStop(String text, List<String> stops) {
        int end = text.length();
        for (String stop : stops) {
            int at = stop.isEmpty() ? -1 : text.indexOf(stop);
            if (at >= 0) {
                end = Math.min(end, at);
            }
        }
        return text.substring(0, end);
    }
}
