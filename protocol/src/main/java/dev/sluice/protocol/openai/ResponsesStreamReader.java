package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the events of a streamed response. */
final class ResponsesStreamReader implements SseDecoder.Reader {
    private final Map<Long, Integer> calls = new HashMap<>();
    private final Set<Long> told = new HashSet<>();

    @Override
    public void event(String name, Json data, Steps steps) {
        long index = data.get("output_index").integer(0);
        String delta = data.get("delta").text("");
        switch (data.get("type").text(name)) {
            case "response.created", "response.in_progress" -> start(data.get("response"), steps);
            case "response.output_text.delta" -> {
                told.add(index);
                steps.text(delta);
            }
            case "response.output_text.annotation.added" ->
                steps.notes(Notes.of(Annotations.read(Json.array(List.of(data.get("annotation"))))));
            case "response.refusal.delta" -> {
                told.add(index);
                steps.refusal(delta);
            }
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" -> {
                told.add(index);
                steps.thinking(delta);
            }
            case "response.function_call_arguments.delta" -> {
                told.add(index);
                Integer call = calls.get(index);
                if (call != null) steps.arguments(call, delta);
            }
            case "response.output_item.added" -> added(index, data.get("item"), steps);
            case "response.output_item.done" -> done(index, data.get("item"), steps);
            case "response.completed", "response.incomplete" -> complete(data.get("response"), steps);
            case "response.failed", "error" -> steps.fail(Failures.explain(data));
            default -> {
                if (data.get("error").isPresent()) steps.fail(Failures.explain(data));
            }
        }
    }

    private static void start(Json response, Steps steps) {
        steps.start(
                response.get("id").text(""),
                response.get("model").text(""),
                Math.max(0, response.get("created_at").integer(0)));
    }

    private void added(long index, Json item, Steps steps) {
        if (!item.get("type").text("").equals("function_call")) return;
        String id = item.get("call_id").text(item.get("id").text(""));
        calls.put(index, steps.call(id, item.get("name").text(""), null));
    }

    /** An item that came without deltas is told now. */
    private void done(long index, Json item, Steps steps) {
        boolean fresh = told.add(index);
        switch (item.get("type").text("")) {
            case "function_call" -> {
                if (!calls.containsKey(index)) added(index, item, steps);
                Integer call = calls.get(index);
                if (fresh && call != null)
                    steps.arguments(call, item.get("arguments").text(""));
            }
            case "reasoning" -> {
                if (fresh) steps.thinking(ItemReader.thought(item));
                String seal = item.get("encrypted_content").text("");
                if (!seal.isEmpty()) steps.thinkingSignature(seal);
            }
            case "message" -> {
                if (!fresh) return;
                for (Json part : item.get("content").items()) {
                    steps.text(part.get("text").text(""));
                    steps.notes(Notes.of(Annotations.read(part.get("annotations"))));
                    steps.refusal(part.get("refusal").text(""));
                }
            }
            default -> {}
        }
    }

    private static void complete(Json response, Steps steps) {
        start(response, steps);
        steps.usage(Failures.usage(response));
        steps.finish(ResponsesAnswer.stopReason(response, steps.calls() > 0), null);
        steps.end();
    }
}
