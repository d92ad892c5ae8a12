package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Effort;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.ResponseFormat;
import dev.sluice.protocol.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a request. Answers come as messages, streams with what is new only. */
final class RequestWriter {
    static final List<String> EXTENSIONS =
            List.of("repetition_penalty", "enable_search", "search_options", "vl_high_resolution_images");
    /** What a user says who says nothing. */
    private static final Part NOTHING = new Part.Text(".");

    private static final Json NO_PARAMETERS = Json.object()
            .put("type", "object")
            .put("properties", Json.object().build())
            .build();
    // The ends of the ranges are not in them.
    private static final BigDecimal LEAST_TOP_P = new BigDecimal("0.000001");
    private static final BigDecimal MOST_TOP_P = new BigDecimal("0.999999");
    private static final BigDecimal MOST_TEMPERATURE = new BigDecimal("1.999999");

    private final ChatRequest request;
    private final boolean multimodal;
    private final List<Json> messages = new ArrayList<>();

    private RequestWriter(ChatRequest request) {
        this.request = request;
        this.multimodal = Parts.isMultimodal(request);
    }

    static byte[] write(ChatRequest request) {
        return new RequestWriter(request).write().toBytes();
    }

    private Json write() {
        for (Message message : request.messages()) message(message);
        if (messages.isEmpty()) message(Message.of(Role.USER, NOTHING));
        return Json.object()
                .put("model", request.model())
                .put(
                        "input",
                        Json.object().put("messages", Json.array(messages)).build())
                .put("parameters", parameters())
                .build();
    }

    private void message(Message message) {
        List<Json> calls = new ArrayList<>();
        List<Part> content = new ArrayList<>();
        for (Part part : message.parts()) {
            switch (part) {
                case Part.ToolResult result -> result(result);
                case Part.ToolCall call ->
                    calls.add(Members.call(calls.size(), call.id(), call.name(), call.arguments()));
                case Part.Thinking _, Part.RedactedThinking _ -> {}
                case Part.Text _, Part.Image _, Part.Audio _, Part.Video _, Part.Document _, Part.Refusal _ ->
                    content.add(part);
            }
        }
        boolean said = !content.isEmpty() || !calls.isEmpty();
        if (!said) return;
        messages.add(Json.object()
                .put("role", role(message.role()))
                .put("content", Parts.write(content, multimodal))
                .putUnlessEmpty("tool_calls", calls)
                .build());
    }

    private static String role(Role role) {
        return switch (role) {
            case SYSTEM -> "system";
            case USER -> "user";
            case ASSISTANT -> "assistant";
        };
    }

    private void result(Part.ToolResult result) {
        messages.add(Json.object()
                .put("role", "tool")
                .put("content", Parts.write(result.inWords(), multimodal))
                .put("tool_call_id", result.callId())
                .put("name", result.name())
                .build());
    }

    private Json parameters() {
        BigDecimal temperature = request.sampling().temperature();
        BigDecimal topP = request.sampling().topP();
        Json.Builder parameters = Json.object()
                .put("result_format", "message")
                .put("incremental_output", request.stream() ? Json.of(true) : null)
                .put("temperature", temperature == null ? null : Fields.number(temperature.min(MOST_TEMPERATURE)))
                .put(
                        "top_p",
                        topP == null
                                ? null
                                : Fields.number(topP.max(LEAST_TOP_P).min(MOST_TOP_P)))
                .put("top_k", Fields.number(request.sampling().topK()))
                .put("seed", Fields.number(request.sampling().seed()))
                .put("presence_penalty", Fields.number(request.sampling().presencePenalty()))
                .put("max_tokens", Fields.number(request.maxOutputTokens()))
                .putUnlessEmpty(
                        "stop", request.stopSequences().stream().map(Json::of).toList());
        if (!request.tools().isEmpty()) {
            parameters
                    .putUnlessEmpty(
                            "tools",
                            request.tools().stream().map(RequestWriter::tool).toList())
                    .put("tool_choice", choice(request.toolChoice(), request.tools()))
                    // DashScope calls one tool at a time unless it is told otherwise; other protocols call several.
                    .put("parallel_tool_calls", !Boolean.FALSE.equals(request.parallelToolCalls()));
        }
        if (request.outputFormat() != null)
            parameters.put("response_format", ResponseFormat.of(request.outputFormat()));
        if (request.reasoning() != null) thinking(request.reasoning(), parameters);
        for (String name : EXTENSIONS) parameters.put(name, request.extensions().get(name));
        return parameters.build();
    }

    private static Json tool(Tool tool) {
        Json function = Json.object()
                .put("name", tool.name())
                .put("description", tool.description())
                .put("parameters", tool.parameters().isObject() ? tool.parameters() : NO_PARAMETERS)
                .build();
        return Json.object().put("type", "function").put("function", function).build();
    }

    /** DashScope cannot be told to call just any tool, but it can be told to call the only one. */
    private static @Nullable Json choice(@Nullable ToolChoice choice, List<Tool> tools) {
        return switch (choice) {
            case null -> null;
            case ToolChoice.Auto _ -> Json.of("auto");
            case ToolChoice.Required _ -> {
                if (tools.size() > 1)
                    throw new InexpressibleException(
                            "DashScope cannot be made to call some tool of several; name one", "tool_choice");
                yield choice(new ToolChoice.Named(tools.getFirst().name()), tools);
            }
            case ToolChoice.None _ -> Json.of("none");
            case ToolChoice.Named(String name) ->
                Json.object()
                        .put("type", "function")
                        .put("function", Json.object().put("name", name).build())
                        .build();
        };
    }

    private static void thinking(Reasoning reasoning, Json.Builder parameters) {
        Long budget = reasoning.budgetTokens();
        boolean off = reasoning.effort() == Effort.NONE || reasoning.effort() == null && budget != null && budget <= 0;
        parameters.put("enable_thinking", !off);
        if (off) return;
        parameters.put(
                "thinking_budget",
                budget != null ? Fields.number(budget) : Fields.number(budgetFor(reasoning.effort())));
    }

    /** Null for the model's own. */
    private static @Nullable Long budgetFor(@Nullable Effort effort) {
        return switch (effort) {
            case null -> null;
            case NONE, MINIMAL, LOW -> 1024L;
            case MEDIUM -> 8192L;
            case HIGH, XHIGH, MAX -> null;
        };
    }
}
