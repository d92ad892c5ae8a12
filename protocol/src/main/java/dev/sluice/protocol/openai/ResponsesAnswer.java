package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Notes.Citation;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes whole answers of responses. */
final class ResponsesAnswer {
    private ResponsesAnswer() {}

    /** @param judged what the pass-through reader says of the same bytes */
    static AnswerRead read(byte[] body, int from, int to, Answer judged) {
        return switch (judged) {
            case Answer.Failed(var error) -> new AnswerRead.Failed(error);
            case Answer.Malformed(String why) -> new AnswerRead.Malformed(why);
            case Answer.Complete complete -> read(ChatAnswerReader.parse(body, from, to), complete.usage());
        };
    }

    private static AnswerRead read(Json response, @Nullable Usage usage) {
        List<Part> parts = new ArrayList<>();
        List<Citation> citations = new ArrayList<>();
        for (Json item : response.get("output").items()) {
            item(item, parts);
            for (Json part : item.get("content").items()) citations.addAll(Annotations.read(part.get("annotations")));
        }
        boolean calls = parts.stream().anyMatch(part -> part instanceof Part.ToolCall);
        return new AnswerRead.Read(new ChatAnswer(
                response.get("id").text(""),
                response.get("model").text(""),
                Math.max(0, response.get("created_at").integer(0)),
                parts,
                stopReason(response, calls),
                null,
                usage,
                null,
                Notes.of(citations)));
    }

    static StopReason stopReason(Json response, boolean calls) {
        if (response.get("status").text("").equals("incomplete"))
            return response.get("incomplete_details").get("reason").text("").equals("content_filter")
                    ? StopReason.CONTENT_FILTER
                    : StopReason.MAX_TOKENS;
        return calls ? StopReason.TOOL_CALLS : StopReason.END;
    }

    /** Items of the vendor's own tools are left out. */
    private static void item(Json item, List<Part> parts) {
        switch (item.get("type").text("")) {
            case "message" -> {
                for (Json part : item.get("content").items()) {
                    String text = part.get("text").text("");
                    if (!text.isEmpty()) parts.add(new Part.Text(text));
                    String refusal = part.get("refusal").text("");
                    if (!refusal.isEmpty()) parts.add(new Part.Refusal(refusal));
                }
            }
            case "function_call" ->
                parts.add(new Part.ToolCall(
                        item.get("call_id").text(item.get("id").text("")),
                        item.get("name").text(""),
                        MessageReader.arguments(item)));
            case "reasoning" -> {
                String thought = ItemReader.thought(item);
                String seal = item.get("encrypted_content").text();
                if (!thought.isEmpty() || seal != null) parts.add(new Part.Thinking(thought, seal));
            }
            default -> {}
        }
    }

    static byte[] write(ChatAnswer answer, ClientView view) {
        List<Json> output = new ArrayList<>();
        List<Json> content = new ArrayList<>();
        long texts = answer.parts().stream().filter(Part.Text.class::isInstance).count();
        for (Part part : answer.parts()) {
            switch (part) {
                case Part.Text(String text, var _) ->
                    content.add(textPart(text, --texts == 0 ? answer.notes().citations() : List.of()));
                case Part.Refusal(String text) -> content.add(refusalPart(text));
                case Part.Thinking(String text, String seal) -> {
                    flush(output, content, view);
                    output.add(reasoning(id("rs_", view, output.size()), text, seal));
                }
                case Part.ToolCall call -> {
                    flush(output, content, view);
                    output.add(call(
                            id("fc_", view, output.size()), call.id(), call.name(), call.arguments(), "completed"));
                }
                case Part.Image _,
                        Part.Audio _,
                        Part.Video _,
                        Part.Document _,
                        Part.ToolResult _,
                        Part.RedactedThinking _ -> {}
            }
        }
        flush(output, content, view);
        return response(
                        ChatAnswerWriter.id(answer.id(), view, "resp_"),
                        ChatAnswerWriter.created(answer.createdSeconds(), view),
                        ChatAnswerWriter.model(answer.model(), view),
                        answer.stopReason(),
                        output,
                        answer.usage())
                .toBytes();
    }

    private static void flush(List<Json> output, List<Json> content, ClientView view) {
        if (!content.isEmpty()) output.add(message(id("msg_", view, output.size()), content, "completed"));
        content.clear();
    }

    static String id(String prefix, ClientView view, int index) {
        return prefix + view.id() + "_" + index;
    }

    static Json textPart(String text, List<Citation> citations) {
        return Json.object()
                .put("type", "output_text")
                .put("text", text)
                .put(
                        "annotations",
                        Json.array(citations.stream().map(Annotations::flat).toList()))
                .build();
    }

    static Json refusalPart(String text) {
        return Json.object().put("type", "refusal").put("refusal", text).build();
    }

    static Json message(String id, List<Json> content, String status) {
        return Json.object()
                .put("id", id)
                .put("type", "message")
                .put("status", status)
                .put("role", "assistant")
                .put("content", Json.array(content))
                .build();
    }

    static Json call(String id, String callId, String name, String arguments, String status) {
        return Json.object()
                .put("id", id)
                .put("type", "function_call")
                .put("status", status)
                .put("call_id", callId)
                .put("name", name)
                .put("arguments", arguments)
                .build();
    }

    static Json reasoning(String id, String text, @Nullable String seal) {
        return Json.object()
                .put("id", id)
                .put("type", "reasoning")
                .put("summary", ItemWriter.summary(text))
                .put("encrypted_content", seal)
                .build();
    }

    /** @param reason null while the answer is not complete */
    static Json response(
            String id,
            long created,
            String model,
            @Nullable StopReason reason,
            List<Json> output,
            @Nullable Usage usage) {
        String why = switch (reason) {
            case MAX_TOKENS, CONTEXT_FULL -> "max_output_tokens";
            case CONTENT_FILTER -> "content_filter";
            case null -> null;
            case END, STOP_SEQUENCE, TOOL_CALLS, PAUSED -> null;
        };
        return Json.object()
                .put("id", id)
                .put("object", "response")
                .put("created_at", created)
                .put("status", reason == null ? "in_progress" : why == null ? "completed" : "incomplete")
                .put("error", Json.none())
                .put(
                        "incomplete_details",
                        why == null
                                ? Json.none()
                                : Json.object().put("reason", why).build())
                .put("instructions", Json.none())
                .put("metadata", Json.object().build())
                .put("model", model)
                .put("output", Json.array(output))
                .put("parallel_tool_calls", true)
                .put("temperature", Json.none())
                .put("tool_choice", "auto")
                .put("tools", Json.array(List.of()))
                .put("top_p", Json.none())
                .put("usage", usage == null ? Json.none() : usage(usage))
                .build();
    }

    private static Json usage(Usage usage) {
        return Json.object()
                .put("input_tokens", usage.inputTokens())
                .put(
                        "input_tokens_details",
                        Json.object()
                                .put("cached_tokens", usage.cachedInputTokens())
                                .put("cache_write_tokens", usage.cacheWrittenTokens())
                                .build())
                .put("output_tokens", usage.outputTokens())
                .put(
                        "output_tokens_details",
                        Json.object()
                                .put("reasoning_tokens", usage.reasoningTokens())
                                .build())
                .put("total_tokens", usage.totalTokens())
                .build();
    }
}
