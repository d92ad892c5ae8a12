package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.json.Json;
import java.util.List;
import java.util.Map;

/** Reads and writes requests of completions: one prompt is one message of the user. */
final class CompletionsRequest {
    private CompletionsRequest() {}

    static ChatRequest read(byte[] json) {
        Json body = Fields.body(json);
        for (String name : List.of("n", "best_of")) {
            if (body.get(name).integer(1) > 1) throw Fields.untranslatable(name);
        }
        if (body.get("echo").isTrue()) throw Fields.untranslatable("echo");
        for (String name : List.of("suffix", "logprobs")) {
            if (body.get(name).isPresent() && !body.get(name).equals(Json.of(""))) throw Fields.untranslatable(name);
        }
        return new ChatRequest(
                body.get("model").text(""),
                List.of(Message.of(Role.USER, new Part.Text(prompt(body.get("prompt"))))),
                List.of(),
                null,
                null,
                null,
                ChatRequestReader.sampling(body),
                Fields.tokens(body, "max_tokens"),
                Fields.texts(body, "stop"),
                null,
                body.get("stream").isTrue(),
                body.get("stream_options").get("include_usage").isTrue(),
                Fields.text(body, "user"),
                Map.of(),
                null,
                Map.of());
    }

    private static String prompt(Json prompt) {
        if (prompt.isArray() && prompt.items().size() != 1) throw Fields.untranslatable("prompt");
        String text = prompt.isArray() ? prompt.items().getFirst().text() : prompt.text();
        // Tokens have a meaning only for the model that they were made for.
        if (text == null && prompt.isPresent()) throw Fields.untranslatable("prompt");
        if (text == null || text.isEmpty()) throw Fields.wrong("prompt", "a text");
        return text;
    }

    static byte[] write(ChatRequest request, Dialect dialect) {
        if (request.mayCall()) throw Fields.untranslatable("tools");
        if (request.outputFormat() != null) throw Fields.untranslatable("response_format");
        StringBuilder prompt = new StringBuilder();
        for (Message message : request.messages()) {
            for (Part part : message.parts()) {
                // The words of a model before would need a form that each model has for itself.
                if (message.role() == Role.ASSISTANT || !(part instanceof Part.Text text))
                    throw Fields.untranslatable("messages");
                prompt.append(prompt.isEmpty() ? "" : "\n\n").append(text.text());
            }
        }
        if (prompt.isEmpty()) throw Fields.wrong("messages", "a text");
        Json.Builder body = Json.object()
                .put("model", request.model())
                .put("prompt", prompt.toString())
                .put("max_tokens", Fields.number(request.maxOutputTokens()))
                .put("temperature", Fields.number(request.sampling().temperature()))
                .put("top_p", Fields.number(request.sampling().topP()))
                .put("seed", Fields.number(request.sampling().seed()))
                .put("presence_penalty", Fields.number(request.sampling().presencePenalty()))
                .put("frequency_penalty", Fields.number(request.sampling().frequencyPenalty()));
        if (!request.stopSequences().isEmpty()) body.put("stop", Json.texts(request.stopSequences()));
        if (request.stream()) {
            body.put("stream", true);
            body.put("stream_options", Json.object().put("include_usage", true).build());
        }
        if (dialect.extensions().contains("top_k"))
            body.put("top_k", Fields.number(request.sampling().topK()));
        return body.put("user", request.user()).build().toBytes();
    }
}
