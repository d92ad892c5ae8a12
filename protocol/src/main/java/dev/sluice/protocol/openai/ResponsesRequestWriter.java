package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.json.Json;
import java.util.List;
import java.util.Map;

/** Writes a request of responses. Nothing is kept at the vendor. */
final class ResponsesRequestWriter {
    private static final long LEAST_TOKENS = 16;
    private static final Json NO_PARAMETERS = Json.object()
            .put("type", "object")
            .put("properties", Json.object().build())
            .build();

    private ResponsesRequestWriter() {}

    static byte[] write(ChatRequest request, Dialect dialect) {
        if (!request.stopSequences().isEmpty()) throw Fields.untranslatable("stop");
        ItemWriter items = new ItemWriter(request.messages());
        Json.Builder body = Json.object()
                .put("model", request.model())
                .put("instructions", items.instructions())
                .put("input", Json.array(items.items()))
                .putUnlessEmpty(
                        "tools",
                        request.tools().stream()
                                .map(ResponsesRequestWriter::tool)
                                .toList());
        if (!request.tools().isEmpty()) {
            if (request.toolChoice() != null) body.put("tool_choice", choice(request.toolChoice()));
            body.put("parallel_tool_calls", Fields.flag(request.parallelToolCalls()));
        }
        Json.Builder text = Json.object();
        if (request.outputFormat() != null) text.put("format", format(request.outputFormat()));
        text.put("verbosity", request.extensions().get("verbosity"));
        if (!text.isEmpty()) body.put("text", text.build());
        body.put("temperature", Fields.number(request.sampling().temperature()))
                .put("top_p", Fields.number(request.sampling().topP()));
        if (request.maxOutputTokens() != null)
            body.put("max_output_tokens", Math.max(LEAST_TOKENS, request.maxOutputTokens()));
        if (request.reasoning() != null && dialect.reasoning() != Dialect.ReasoningField.NONE)
            reasoning(request.reasoning(), dialect, body);
        body.put("store", false).put("user", request.user());
        if (!request.metadata().isEmpty()) {
            Json.Builder labels = Json.object();
            request.metadata().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(label -> labels.put(label.getKey(), label.getValue()));
            body.put("metadata", labels.build());
        }
        for (String name : List.of("service_tier", "prompt_cache_key"))
            body.put(name, request.extensions().get(name));
        if (request.stream()) body.put("stream", true);
        return body.build().toBytes();
    }

    /** Left out, strict would mean yes here, while it means no in other formats. */
    private static Json tool(Tool tool) {
        return Json.object()
                .put("type", "function")
                .put("name", tool.name())
                .put("description", tool.description())
                .put("parameters", tool.parameters().isObject() ? tool.parameters() : NO_PARAMETERS)
                .put("strict", tool.strict() != null && tool.strict())
                .build();
    }

    private static Json choice(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto _ -> Json.of("auto");
            case ToolChoice.None _ -> Json.of("none");
            case ToolChoice.Required _ -> Json.of("required");
            case ToolChoice.Named(String name) ->
                Json.object().put("type", "function").put("name", name).build();
        };
    }

    private static Json format(OutputFormat format) {
        return switch (format) {
            case OutputFormat.JsonObject _ ->
                Json.object().put("type", "json_object").build();
            case OutputFormat.JsonSchema schema ->
                Json.object()
                        .put("type", "json_schema")
                        .put("name", schema.name())
                        .put("description", schema.description())
                        .put("schema", schema.schema())
                        .put("strict", schema.strict() != null && schema.strict())
                        .build();
        };
    }

    private static void reasoning(Reasoning reasoning, Dialect dialect, Json.Builder body) {
        Json.Builder wish = Json.object().put("effort", Effort.wordFor(reasoning, dialect));
        if (reasoning.shown() != null && reasoning.shown()) wish.put("summary", "auto");
        if (!wish.isEmpty()) body.put("reasoning", wish.build());
        // Without it the thoughts of a call that nobody stores would be lost.
        body.put("include", Json.texts(List.of("reasoning.encrypted_content")));
    }
}
