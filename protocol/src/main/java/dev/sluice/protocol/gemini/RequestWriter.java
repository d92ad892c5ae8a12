package dev.sluice.protocol.gemini;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a request for one model; which one, and whether it streams, says the path. */
final class RequestWriter {
    private static final int MOST_STOPS = 5;

    private final ChatRequest request;
    private final Generation generation;

    /** @param family the name that tells the generation */
    RequestWriter(ChatRequest request, String family) {
        this.request = request;
        this.generation = Generation.of(family);
    }

    Json write() {
        ContentWriter contents = new ContentWriter(request.messages(), generation);
        Json.Builder body = Json.object();
        if (!contents.system().isEmpty())
            body.put(
                    "systemInstruction",
                    Json.object().put("parts", Json.array(contents.system())).build());
        body.put("contents", Json.array(contents.contents()));
        if (!request.tools().isEmpty()) {
            List<Json> functions = new ArrayList<>();
            for (Tool tool : request.tools()) functions.add(function(tool));
            Json tools = Json.object()
                    .put("functionDeclarations", Json.array(functions))
                    .build();
            body.put("tools", Json.array(List.of(tools)));
            body.put("toolConfig", choice(request.toolChoice()));
        }
        Json.Builder config = config();
        if (!config.isEmpty()) body.put("generationConfig", config.build());
        return body.build();
    }

    private Json function(Tool tool) {
        Json schema = tool.parameters();
        // An object without members is no schema for Google; a function without parameters has none.
        boolean empty = schema.get("properties").fields().isEmpty()
                && schema.fields().keySet().stream()
                        .allMatch(name -> name.equals("type")
                                || name.equals("properties")
                                || name.equals("additionalProperties"));
        return Json.object()
                .put("name", tool.name())
                .put("description", tool.description())
                .put(
                        generation.takesJsonSchema() ? "parametersJsonSchema" : "parameters",
                        empty ? null : schema(schema, "tools"))
                .build();
    }

    private static @Nullable Json choice(@Nullable ToolChoice wish) {
        if (wish == null) return null;
        Json.Builder calling = Json.object();
        switch (wish) {
            case ToolChoice.Auto _ -> calling.put("mode", "AUTO");
            case ToolChoice.None _ -> calling.put("mode", "NONE");
            case ToolChoice.Required _ -> calling.put("mode", "ANY");
            case ToolChoice.Named(String name) ->
                calling.put("mode", "ANY").put("allowedFunctionNames", Json.texts(List.of(name)));
        }
        return Json.object().put("functionCallingConfig", calling.build()).build();
    }

    private Json.Builder config() {
        Sampling sampling = request.sampling();
        Json.Builder config = Json.object()
                .put("temperature", Fields.number(sampling.temperature()))
                .put("topP", Fields.number(sampling.topP()))
                .put("topK", Fields.number(sampling.topK()))
                .put("maxOutputTokens", Fields.number(request.maxOutputTokens()))
                .putUnlessEmpty("stopSequences", stops())
                .put("seed", Fields.number(sampling.seed()))
                .put("presencePenalty", Fields.number(sampling.presencePenalty()))
                .put("frequencyPenalty", Fields.number(sampling.frequencyPenalty()));
        switch (request.outputFormat()) {
            case null -> {}
            case OutputFormat.JsonObject _ -> config.put("responseMimeType", "application/json");
            case OutputFormat.JsonSchema format ->
                config.put("responseMimeType", "application/json")
                        .put(
                                generation.takesJsonSchema() ? "responseJsonSchema" : "responseSchema",
                                schema(format.schema(), "response_format"));
        }
        return config.put("thinkingConfig", generation.thinking(request.reasoning()));
    }

    private List<Json> stops() {
        List<Json> stops = request.stopSequences().stream()
                .filter(stop -> !stop.isEmpty())
                .map(Json::of)
                .toList();
        if (stops.size() <= MOST_STOPS) return stops;
        throw new InexpressibleException(
                "Gemini takes at most " + MOST_STOPS + " stop sequences (given: " + stops.size() + ")", "stop");
    }

    private Json schema(Json schema, String field) {
        return generation.takesJsonSchema() ? schema : new OpenApiSchema(schema, field).reduced();
    }
}
