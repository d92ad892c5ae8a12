package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a whole answer. */
final class AnswerWriter {
    private AnswerWriter() {}

    static byte[] write(ChatAnswer answer, ClientView view) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<Json> calls = new ArrayList<>();
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Text(String more, var _) -> text.append(more);
                case Part.Refusal(String more) -> text.append(more);
                case Part.Thinking(String more, var _) -> thoughts.append(more);
                case Part.ToolCall call ->
                    calls.add(Members.call(calls.size(), call.id(), call.name(), call.arguments()));
                case Part.Image _,
                        Part.Audio _,
                        Part.Video _,
                        Part.Document _,
                        Part.RedactedThinking _,
                        Part.ToolResult _ -> {}
            }
        }
        String word = Members.word(answer.stopReason());
        String id = answer.id().isEmpty() ? view.id() : answer.id();
        return response(
                        Wishes.of(view),
                        text.toString(),
                        thoughts.toString(),
                        Json.array(calls),
                        word,
                        answer.usage(),
                        id)
                .toBytes();
    }

    static Json response(
            Wishes wishes, String text, String thoughts, Json calls, String word, @Nullable Usage usage, String id) {
        boolean called = !calls.items().isEmpty();
        Json output;
        if (wishes.text() && !called) {
            output = Json.object().put("text", text).put("finish_reason", word).build();
        } else {
            Json message = Json.object()
                    .put("role", "assistant")
                    .put("content", wishes.content(text))
                    .put("reasoning_content", thoughts.isEmpty() ? null : thoughts)
                    .put("tool_calls", called ? calls : null)
                    .build();
            Json choice = Json.object()
                    .put("finish_reason", word)
                    .put("message", message)
                    .build();
            output = Json.object().put("choices", Json.array(List.of(choice))).build();
        }
        return Json.object()
                .put("output", output)
                .put("usage", Members.usage(usage))
                .put("request_id", id)
                .build();
    }
}
