package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Notes.Citation;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads a whole answer of chat completions of any vendor. */
final class ChatAnswerReader {
    private ChatAnswerReader() {}

    /** @param judged what the pass-through reader says of the same bytes; it knows every vendor's failures */
    static AnswerRead read(byte[] body, int from, int to, Answer judged) {
        return switch (judged) {
            case Answer.Failed(var error) -> new AnswerRead.Failed(error);
            case Answer.Malformed(String why) -> new AnswerRead.Malformed(why);
            case Answer.Complete complete -> read(parse(body, from, to), complete);
        };
    }

    /** The object behind keep-alive lines. */
    static Json parse(byte[] body, int from, int to) {
        int begin = WholeAnswer.start(body, from, to);
        Json json = Json.parse(body, begin, to);
        return json == null ? Json.none() : json;
    }

    private static AnswerRead read(Json json, Answer.Complete judged) {
        Json choice = json.get("choices").items().getFirst();
        List<Part> parts = choice.has("message")
                ? parts(choice.get("message"))
                : text(choice.get("text").text(""));
        boolean calls = parts.stream().anyMatch(part -> part instanceof Part.ToolCall);
        return new AnswerRead.Read(new ChatAnswer(
                json.get("id").text(""),
                json.get("model").text(""),
                Math.max(0, json.get("created").integer(0)),
                parts,
                FinishReasons.read(choice.get("finish_reason").text(""), calls),
                null,
                judged.usage(),
                null,
                notes(choice.get("message"), json)));
    }

    private static Notes notes(Json message, Json answer) {
        List<Citation> citations = Annotations.read(message.get("annotations"));
        return Notes.of(citations.isEmpty() ? Annotations.found(answer) : citations);
    }

    private static List<Part> parts(Json message) {
        List<Part> parts = new ArrayList<>(Thoughts.ofWhole(message));
        boolean thought = !parts.isEmpty();
        Json content = message.get("content");
        if (content.isText()) {
            String text = content.text("");
            if (thought) parts.addAll(text(text));
            else untag(text, parts);
        }
        for (Json part : content.items()) item(part, parts);
        for (Json image : message.get("images").items()) {
            String url = image.get("image_url").get("url").text("");
            if (!url.isEmpty()) parts.add(new Part.Image(Media.ofUrl(url)));
        }
        String refusal = message.get("refusal").text("");
        if (!refusal.isEmpty()) parts.add(new Part.Refusal(refusal));
        String sound = message.get("audio").get("data").text("");
        if (!sound.isEmpty()) parts.add(new Part.Audio(new Media.Inline("audio/wav", sound)));
        for (Json call : message.get("tool_calls").items()) parts.add(call(call, parts.size()));
        Json legacy = message.get("function_call");
        if (legacy.isObject())
            parts.add(new Part.ToolCall("call_0", legacy.get("name").text(""), MessageReader.arguments(legacy)));
        return parts;
    }

    private static List<Part> text(String text) {
        return text.isEmpty() ? List.of() : List.of(new Part.Text(text));
    }

    private static void untag(String content, List<Part> parts) {
        StringBuilder thinking = new StringBuilder();
        StringBuilder text = new StringBuilder();
        ThinkTags tags = new ThinkTags(thinking::append, text::append);
        tags.feed(content);
        tags.end();
        if (!thinking.isEmpty()) parts.add(new Part.Thinking(thinking.toString(), null));
        if (!text.isEmpty()) parts.add(new Part.Text(text.toString()));
    }

    /** Mistral writes thoughts as parts of the content. */
    private static void item(Json item, List<Part> parts) {
        if (item.get("type").text("").equals("thinking")) {
            String thought = thought(item.get("thinking"));
            if (!thought.isEmpty()) parts.add(new Part.Thinking(thought, null));
            return;
        }
        String text = item.get("text").text("");
        if (!text.isEmpty()) parts.add(new Part.Text(text));
    }

    static String thought(Json thinking) {
        StringBuilder text = new StringBuilder(thinking.text(""));
        for (Json piece : thinking.items()) text.append(piece.get("text").text(""));
        return text.toString();
    }

    /** Some vendors give a call no id; its result could not name it. */
    private static Part call(Json call, int number) {
        Part.ToolCall read = MessageReader.toolCall(call);
        if (!read.id().isEmpty()) return read;
        return new Part.ToolCall("call_" + number, read.name(), read.arguments(), read.signature(), null);
    }
}
