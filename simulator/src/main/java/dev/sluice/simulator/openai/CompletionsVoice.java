package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Finish;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.OutputForm;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.UsageReport;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/completions}, the older operation that continues a text. */
final class CompletionsVoice implements JsonVoice {
    private static final int USUAL_MAX_TOKENS = 16;
    private static final int MOST_CHOICES = 128;

    /** One text to continue. */
    private record Beginning(String text, int tokens) {}

    /** One continued text: what comes before it when the request wants its prompt back, and the reply. */
    private record Choice(String prefix, Reply reply) {}

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Body body = Body.of(heard);
        List<Beginning> prompts = prompts(body.value("prompt"));
        int alternatives = body.number("n", 1, 1, MOST_CHOICES);
        int maxTokens = body.number("max_tokens", Math.max(USUAL_MAX_TOKENS, wishes.tokens()), 0, Integer.MAX_VALUE);
        boolean echo = body.flag("echo", false);
        boolean stream = body.flag("stream", false);
        boolean usageAsked = body.includesUsage(stream);
        List<String> stops = body.stops();
        List<Choice> choices = new ArrayList<>();
        for (Beginning beginning : prompts) {
            Prompt prompt = new Prompt(
                    beginning.text(),
                    null,
                    List.of(),
                    true,
                    new OutputForm.Text(),
                    maxTokens,
                    stops,
                    beginning.tokens());
            for (int alternative = 0; alternative < alternatives; alternative++) {
                choices.add(new Choice(echo ? beginning.text() : "", Reply.to(prompt, wishes, heard, alternative)));
            }
        }
        int promptTokens = prompts.stream().mapToInt(Beginning::tokens).sum();
        Usage usage =
                Reply.usage(promptTokens, choices.stream().map(Choice::reply).toList(), wishes);
        if (stream) {
            return Wire.stream(heard, frames(choices, new ChunkStream(head(heard), wishes, usageAsked, usage)), usage);
        }
        boolean told = wishes.report() != UsageReport.NEVER;
        JsonArray array = new JsonArray();
        for (int index = 0; index < choices.size(); index++) {
            Choice choice = choices.get(index);
            array.add(choice(
                    index,
                    choice.prefix() + choice.reply().joinedText(),
                    choice.reply().finish()));
        }
        JsonObject answer = head(heard).put("choices", array);
        return Wire.whole(heard, told ? answer.put("usage", Wire.usage(usage)) : answer, usage, told);
    }

    private static JsonObject head(Heard heard) {
        return new JsonObject()
                .put("id", "cmpl-" + heard.id("completion"))
                .put("object", "text_completion")
                .put("created", heard.createdAt())
                .put("model", heard.model())
                .put("system_fingerprint", Wire.FINGERPRINT);
    }

    private static JsonObject choice(int index, String text, @Nullable Finish finish) {
        return new JsonObject()
                .put("text", text)
                .put("index", index)
                .put("logprobs", null)
                .put("finish_reason", finish == null ? null : Wire.finish(finish));
    }

    private static List<Frame> frames(List<Choice> choices, ChunkStream chunks) {
        for (int index = 0; index < choices.size(); index++) {
            Choice choice = choices.get(index);
            if (!choice.prefix().isEmpty()) {
                chunks.add(
                        Frame.Kind.CONTENT, choice(index, choice.prefix(), null).encode(), 0);
            }
            for (Reply.Piece piece : choice.reply().text()) {
                chunks.add(Frame.Kind.CONTENT, choice(index, piece.text(), null).encode(), piece.tokens());
            }
            chunks.add(
                    Frame.Kind.CLOSING,
                    choice(index, "", choice.reply().finish()).encode(),
                    0);
        }
        return chunks.complete();
    }

    private static List<Beginning> prompts(@Nullable Object prompt) throws Rejection {
        if (prompt instanceof String text) {
            return List.of(new Beginning(text, Tokens.count(text)));
        }
        if (!(prompt instanceof JsonArray array) || array.isEmpty()) {
            throw Body.wrongType("prompt", "a string, an array of strings, or arrays of token ids, not empty");
        }
        if (array.getValue(0) instanceof Number) {
            return List.of(ids(array));
        }
        List<Beginning> prompts = new ArrayList<>();
        for (Object item : array) {
            prompts.add(
                    switch (item) {
                        case String text -> new Beginning(text, Tokens.count(text));
                        case JsonArray ids -> ids(ids);
                        case null, default ->
                            throw Body.wrongType("prompt[" + prompts.size() + "]", "a string or token ids");
                    });
        }
        return prompts;
    }

    private static Beginning ids(JsonArray ids) {
        return new Beginning(ids.size() + " tokens", ids.size());
    }
}
