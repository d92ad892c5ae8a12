package dev.sluice.protocol.cohere;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Effort;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.FlatText;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a request of chat. */
final class CohereRequest {
    private static final int MOST_STOPS = 5;

    private final ChatRequest request;
    private final List<Json> messages = new ArrayList<>();

    CohereRequest(ChatRequest request) {
        this.request = request;
        for (Message message : request.messages()) add(message);
    }

    Json write() {
        Sampling sampling = request.sampling();
        Json.Builder body = Json.object()
                .put("model", request.model())
                .put("messages", Json.array(messages))
                .put("max_tokens", Fields.number(request.maxOutputTokens()))
                .put("temperature", Fields.number(sampling.temperature()))
                .put("p", Fields.number(sampling.topP()))
                .put("k", Fields.number(sampling.topK()))
                .put("seed", Fields.number(sampling.seed()))
                .put("frequency_penalty", Fields.number(sampling.frequencyPenalty()))
                .put("presence_penalty", Fields.number(sampling.presencePenalty()))
                .put("response_format", format(request.outputFormat()))
                .put("thinking", thinking(request.reasoning()));
        List<String> stops = request.stopSequences();
        if (stops.size() > MOST_STOPS)
            throw new InexpressibleException(
                    "Cohere takes at most " + MOST_STOPS + " stop sequences (given: " + stops.size() + ")", "stop");
        if (!stops.isEmpty()) body.put("stop_sequences", Json.texts(stops));
        List<Json> tools = new ArrayList<>();
        for (Tool tool : offered()) tools.add(tool(tool));
        body.putUnlessEmpty("tools", tools);
        if (!tools.isEmpty()) body.put("tool_choice", choice());
        if (request.stream()) body.put("stream", true);
        return body.build();
    }

    /** Cohere cannot be told which tool to call, but it can be shown only that one. */
    private List<Tool> offered() {
        if (!(request.toolChoice() instanceof ToolChoice.Named(String name))) return request.tools();
        return request.tools().stream().filter(tool -> tool.name().equals(name)).toList();
    }

    private @Nullable String choice() {
        return switch (request.toolChoice()) {
            case null -> null;
            case ToolChoice.Auto _ -> null;
            case ToolChoice.None _ -> "NONE";
            case ToolChoice.Required _, ToolChoice.Named _ -> "REQUIRED";
        };
    }

    private static Json tool(Tool tool) {
        Json schema = tool.parameters().isObject()
                ? tool.parameters()
                : Json.object().put("type", "object").build();
        return Json.object()
                .put("type", "function")
                .put(
                        "function",
                        Json.object()
                                .put("name", tool.name())
                                .put("description", tool.description())
                                .put("parameters", schema)
                                .build())
                .build();
    }

    private static @Nullable Json format(@Nullable OutputFormat format) {
        return switch (format) {
            case null -> null;
            case OutputFormat.JsonObject _ ->
                Json.object().put("type", "json_object").build();
            case OutputFormat.JsonSchema schema ->
                Json.object()
                        .put("type", "json_object")
                        .put("json_schema", schema.schema())
                        .build();
        };
    }

    private static @Nullable Json thinking(@Nullable Reasoning reasoning) {
        if (reasoning == null) return null;
        if (reasoning.effort() == Effort.NONE)
            return Json.object().put("type", "disabled").build();
        return Json.object()
                .put("type", "enabled")
                .put("token_budget", Fields.number(reasoning.budgetTokens()))
                .build();
    }

    private void add(Message message) {
        List<Part> said = new ArrayList<>();
        for (Part part : message.parts()) {
            if (part instanceof Part.ToolResult result) messages.add(result(result));
            else said.add(part);
        }
        if (said.isEmpty()) return;
        messages.add(
                switch (message.role()) {
                    case SYSTEM -> plain("system", FlatText.of(said));
                    case USER ->
                        Json.object()
                                .put("role", "user")
                                .put("content", content(said))
                                .build();
                    case ASSISTANT -> assistant(said);
                });
    }

    private static Json plain(String role, String text) {
        return Json.object().put("role", role).put("content", text).build();
    }

    private static Json result(Part.ToolResult result) {
        FlatText.require(result.content(), "Cohere's chat");
        return Json.object()
                .put("role", "tool")
                .put("tool_call_id", result.callId())
                .put("content", FlatText.of(result.inWords()))
                .build();
    }

    private static Json assistant(List<Part> said) {
        List<Json> calls = new ArrayList<>();
        for (Part part : said) {
            if (part instanceof Part.ToolCall call)
                calls.add(Json.object()
                        .put("id", call.id())
                        .put("type", "function")
                        .put(
                                "function",
                                Json.object()
                                        .put("name", call.name())
                                        .put("arguments", call.arguments())
                                        .build())
                        .build());
        }
        String text = FlatText.of(said);
        return Json.object()
                .put("role", "assistant")
                .put("content", text.isEmpty() ? null : text)
                .putUnlessEmpty("tool_calls", calls)
                .build();
    }

    private static Json content(List<Part> said) {
        boolean onlyText = said.stream().noneMatch(Part.Image.class::isInstance);
        if (onlyText) {
            FlatText.require(said, "Cohere's chat");
            return Json.of(FlatText.of(said));
        }
        List<Json> blocks = new ArrayList<>();
        for (Part part : said) {
            if (part instanceof Part.Image image) {
                String url = switch (image.media()) {
                    case Media.Url(String address, String _) -> address;
                    case Media.Inline(String type, String base64) -> "data:" + type + ";base64," + base64;
                    case Media.FileId _, Media.PlainText _ ->
                        throw new InexpressibleException(
                                "Cohere's chat takes images by URL or as data: URLs", "messages");
                };
                blocks.add(Json.object()
                        .put("type", "image_url")
                        .put("image_url", Json.object().put("url", url).build())
                        .build());
            } else {
                FlatText.require(List.of(part), "Cohere's chat");
                String text = FlatText.of(List.of(part));
                if (!text.isEmpty())
                    blocks.add(
                            Json.object().put("type", "text").put("text", text).build());
            }
        }
        return Json.array(blocks);
    }
}
