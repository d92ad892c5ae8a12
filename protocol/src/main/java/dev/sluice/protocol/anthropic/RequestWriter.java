package dev.sluice.protocol.anthropic;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Effort;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.OutputTool;
import dev.sluice.protocol.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a request of messages for one model. */
final class RequestWriter {
    private static final Json ANY_OBJECT = Json.object()
            .put("type", "object")
            .put("properties", Json.object().build())
            .build();
    private static final String ANSWER_IN_JSON =
            "Answer with one JSON object and nothing else: no other text, no code fence.";
    private static final String CALL_FOR_ANSWER = "Give the answer by calling the tool " + OutputTool.name() + ".";

    private final ChatRequest request;
    private final Generation generation;
    private final ConversationWriter conversation;
    private final Thinking thinking;
    private final List<Json> tools = new ArrayList<>();
    private final Json.Builder outputConfig = Json.object();
    private @Nullable Json choice;

    RequestWriter(ChatRequest request, Dialect dialect) {
        this.request = request;
        this.generation = Generation.of(dialect.family(request));
        this.conversation = new ConversationWriter(request.messages());
        this.thinking = Thinking.of(request, generation, limit(request, dialect));
    }

    /** The client's limit as far as the model goes, else all that it can say; null where nothing is known. */
    private static @Nullable Long limit(ChatRequest request, Dialect dialect) {
        Long wanted = request.maxOutputTokens();
        if (dialect.mostOutput() == 0) return wanted;
        return wanted == null ? dialect.mostOutput() : Math.min(wanted, dialect.mostOutput());
    }

    Json write() {
        tools();
        if (request.outputFormat() != null) outputFormat(request.outputFormat());
        Reasoning reasoning = request.reasoning();
        if (thinking.adaptive() && reasoning != null && reasoning.effort() != null) effort(reasoning.effort());
        Json.Builder body = Json.object()
                .put("model", request.model())
                .put("max_tokens", thinking.limit())
                .putUnlessEmpty("system", conversation.system())
                .put("messages", Json.array(conversation.messages()))
                .putUnlessEmpty("tools", tools)
                .put("tool_choice", choice);
        sampling(body);
        List<Json> stops = request.stopSequences().stream()
                .filter(stop -> !stop.isBlank())
                .map(Json::of)
                .toList();
        body.putUnlessEmpty("stop_sequences", stops).put("thinking", thinking.json());
        if (!outputConfig.isEmpty()) body.put("output_config", outputConfig.build());
        if (request.user() != null)
            body.put("metadata", Json.object().put("user_id", request.user()).build());
        if (request.stream()) body.put("stream", true);
        return body.build();
    }

    private void tools() {
        for (Tool tool : request.tools()) {
            if (tool.name().equals(OutputTool.name()))
                throw new InexpressibleException(
                        "the name " + OutputTool.name() + " is reserved; give the tool another one", "tools");
            tools.add(Members.cached(
                            tool(tool.name(), tool.description(), tool.parameters())
                                    .put("strict", tool.strict() != null && tool.strict() ? Json.of(true) : null),
                            tool.cache())
                    .build());
        }
        if (!tools.isEmpty()) choice = choice(request.toolChoice());
    }

    private static Json.Builder tool(String name, @Nullable String description, Json parameters) {
        Json schema = !parameters.isObject()
                ? ANY_OBJECT
                : parameters.has("type") ? parameters : parameters.with("type", Json.of("object"));
        return Json.object().put("name", name).put("description", description).put("input_schema", schema);
    }

    private @Nullable Json choice(@Nullable ToolChoice wish) {
        boolean single = request.parallelToolCalls() != null && !request.parallelToolCalls();
        if (wish == null && !single) return null;
        Json.Builder json = Json.object();
        switch (wish) {
            case null -> json.put("type", "auto");
            case ToolChoice.Auto _ -> json.put("type", "auto");
            case ToolChoice.None _ -> {
                return json.put("type", "none").build();
            }
            // A model that thinks cannot be forced.
            case ToolChoice.Required _ -> json.put("type", thinking.isOn() ? "auto" : "any");
            case ToolChoice.Named(String name) -> {
                if (thinking.isOn()) json.put("type", "auto");
                else json.put("type", "tool").put("name", name);
            }
        }
        if (single) json.put("disable_parallel_tool_use", true);
        return json.build();
    }

    private void outputFormat(OutputFormat format) {
        switch (format) {
            case OutputFormat.JsonObject _ -> conversation.instruct(ANSWER_IN_JSON);
            case OutputFormat.JsonSchema schema -> {
                if (generation.takesSchema())
                    outputConfig.put(
                            "format",
                            Json.object()
                                    .put("type", "json_schema")
                                    .put("schema", schema.schema())
                                    .build());
                else answerByTool(schema);
            }
        }
    }

    /** A model without structured answers writes one as the arguments of a tool that it must call. */
    private void answerByTool(OutputFormat.JsonSchema schema) {
        boolean alone = tools.isEmpty();
        tools.add(tool(OutputTool.name(), schema.description(), schema.schema()).build());
        if (thinking.isOn()) {
            conversation.instruct(CALL_FOR_ANSWER);
        } else if (alone) {
            choice = Json.object()
                    .put("type", "tool")
                    .put("name", OutputTool.name())
                    .build();
        } else if (request.toolChoice() == null || request.toolChoice() instanceof ToolChoice.Auto) {
            choice = Json.object().put("type", "any").build();
        }
    }

    private void effort(Effort effort) {
        Effort known = switch (effort) {
            case NONE, MINIMAL -> Effort.LOW;
            case XHIGH -> generation.takesHighestEfforts() ? effort : Effort.HIGH;
            case LOW, MEDIUM, HIGH, MAX -> effort;
        };
        outputConfig.put("effort", known.name().toLowerCase(Locale.ROOT));
    }

    private void sampling(Json.Builder body) {
        if (!generation.takesSampling() || thinking.isOn()) return;
        Sampling sampling = request.sampling();
        BigDecimal temperature = sampling.temperature();
        if (temperature != null)
            body.put(
                    "temperature",
                    Fields.number(temperature.max(BigDecimal.ZERO).min(BigDecimal.ONE)));
        if (temperature == null || generation.takesTemperatureWithTopP())
            body.put("top_p", Fields.number(sampling.topP()));
        body.put("top_k", Fields.number(sampling.topK()));
    }
}
