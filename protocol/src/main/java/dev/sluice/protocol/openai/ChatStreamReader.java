package dev.sluice.protocol.openai;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.GrowingText;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Notes.Citation;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the chunks of chat completions and completions of any vendor. */
final class ChatStreamReader implements SseDecoder.Reader {
    private static final int MOST_CITATIONS = 1000;

    private final CallFragments calls = new CallFragments();
    /** Those of the words themselves, and those that are told in every chunk. */
    private final List<Citation> citations = new ArrayList<>();

    private List<Citation> found = List.of();
    private final SealedDetails sealed = new SealedDetails();
    private @Nullable ThinkTags tags;
    private final GrowingText growing;
    private boolean delivered;
    private boolean thought;

    /** @param mode what the content of deltas holds */
    ChatStreamReader(Mode mode) {
        growing = new GrowingText(mode);
    }

    @Override
    public void event(String name, Json chunk, Steps steps) {
        UpstreamError error = Failures.of(chunk);
        if (error != null) {
            steps.fail(error);
            return;
        }
        List<Citation> pages = Annotations.found(chunk);
        if (!pages.isEmpty()) found = pages;
        for (Json choice : chunk.get("choices").items()) {
            // Of several choices only the first is asked for.
            if (choice.get("index").integer(0) == 0) choice(choice, chunk, steps);
        }
        steps.usage(Failures.usage(chunk));
    }

    private void choice(Json choice, Json chunk, Steps steps) {
        Json delta = choice.get("delta");
        // The last chunk of some vendors repeats the whole message; where it is the only one, it is the answer.
        if (!delta.isObject() && !delivered) delta = choice.get("message");
        if (delta.isObject() || choice.has("text"))
            steps.start(
                    chunk.get("id").text(""),
                    chunk.get("model").text(""),
                    Math.max(0, chunk.get("created").integer(0)));
        if (delta.isObject()) delta(delta, steps);
        text(choice.get("text").text(""), steps);
        String finish = choice.get("finish_reason").text("");
        if (!finish.isEmpty()) finish(FinishReasons.read(finish, calls.any()), steps);
    }

    private void delta(Json delta, Steps steps) {
        thoughts(delta, steps);
        List<Citation> pages = Annotations.read(delta.get("annotations"));
        if (citations.size() + pages.size() <= MOST_CITATIONS) citations.addAll(pages);
        Json content = delta.get("content");
        if (content.isText()) {
            // The last chunk is often empty, which says nothing about the kind of stream.
            String text = content.text("");
            if (!text.isEmpty()) text(growing.next(text), steps);
        } else {
            for (Json item : content.items()) {
                if (item.get("type").text("").equals("thinking"))
                    thinking(ChatAnswerReader.thought(item.get("thinking")), steps);
                else text(item.get("text").text(""), steps);
            }
        }
        String refusal = delta.get("refusal").text("");
        if (!refusal.isEmpty()) {
            delivered = true;
            steps.refusal(refusal);
        }
        for (Json image : delta.get("images").items()) {
            String url = image.get("image_url").get("url").text("");
            if (!url.isEmpty()) steps.media(new Part.Image(Media.ofUrl(url)));
        }
        for (Json call : delta.get("tool_calls").items()) {
            delivered = true;
            text(growing.rest(), steps);
            flush();
            unseal(steps);
            calls.fragment(call, steps);
        }
        Json legacy = delta.get("function_call");
        if (legacy.isObject()) {
            delivered = true;
            calls.fragment(Json.object().put("index", 0).put("function", legacy).build(), steps);
        }
    }

    private void thoughts(Json delta, Steps steps) {
        Thoughts.gather(delta, sealed);
        for (Part part : Thoughts.of(delta)) {
            if (part instanceof Part.Thinking(String text, String signature)) {
                thinking(text, steps);
                if (signature != null) steps.thinkingSignature(signature);
            } else if (part instanceof Part.RedactedThinking(String encrypted)) {
                steps.redactedThinking(encrypted);
            }
        }
    }

    /** What only OpenRouter reads, as soon as it is there and something else follows. */
    private void unseal(Steps steps) {
        String kept = sealed.take();
        if (kept != null) steps.redactedThinking(kept);
    }

    private void thinking(String text, Steps steps) {
        if (text.isEmpty()) return;
        thought = true;
        delivered = true;
        steps.thinking(text);
    }

    private void text(String text, Steps steps) {
        if (text.isEmpty()) return;
        delivered = true;
        unseal(steps);
        if (thought) {
            steps.text(text);
            return;
        }
        if (tags == null) tags = new ThinkTags(steps::thinking, steps::text);
        tags.feed(text);
    }

    private void flush() {
        if (tags != null) tags.end();
    }

    private void finish(StopReason reason, Steps steps) {
        text(growing.rest(), steps);
        flush();
        calls.end(steps);
        unseal(steps);
        steps.notes(Notes.of(citations.isEmpty() ? found : citations));
        steps.finish(reason, null);
    }

    @Override
    public void done(Steps steps) {
        // Some vendors never say why the content ended, but they say that the stream did.
        if (!steps.isFinished() && delivered) finish(calls.any() ? StopReason.TOOL_CALLS : StopReason.END, steps);
        steps.end();
        if (!steps.isOver()) steps.malformed("ends it before there was an answer");
    }
}
