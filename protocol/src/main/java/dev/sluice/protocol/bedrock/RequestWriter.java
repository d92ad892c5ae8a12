package dev.sluice.protocol.bedrock;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Effort;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.OutputTool;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a request of Converse. */
final class RequestWriter {
    private static final Json ANY_OBJECT = Json.object()
            .put("type", "object")
            .put("properties", Json.object().build())
            .build();
    private static final Json EMPTY = Json.object().build();
    private static final long LEAST_BUDGET = 1024;
    private static final long DEFAULT_MAX_TOKENS = 4096;

    private final ChatRequest request;
    private final CachePoints cachePoints;
    private final ConversationWriter conversation;
    private final boolean claude;
    private final long mostOutput;

    RequestWriter(ChatRequest request, Dialect dialect) {
        String family = dialect.family(request);
        this.mostOutput = dialect.mostOutput() == 0 ? Long.MAX_VALUE : dialect.mostOutput();
        this.request = request;
        this.cachePoints = CachePoints.of(family);
        this.conversation = new ConversationWriter(request.messages(), cachePoints);
        this.claude = family.contains("anthropic.claude");
    }

    Json write() {
        OutputFormat format = request.outputFormat();
        if (format != null && !answersByTool()) conversation.instruct(instruction(format));
        Json.Builder extra = Json.object();
        Long budget = thinkingBudget();
        if (budget != null)
            extra.put(
                    "thinking",
                    Json.object()
                            .put("type", "enabled")
                            .put("budget_tokens", budget)
                            .build());
        if (claude && budget == null)
            extra.put("top_k", Fields.number(request.sampling().topK()));
        Json.Builder body = Json.object()
                .put("messages", Json.array(conversation.messages()))
                .putUnlessEmpty("system", conversation.system())
                .put("inferenceConfig", inference(budget))
                .put("toolConfig", tools());
        if (!extra.isEmpty()) body.put("additionalModelRequestFields", extra.build());
        return body.build();
    }

    /**
     * Converse has no structured output: the answer comes as the arguments of a tool that the model must call. One that thinks cannot be
     * made to, so the schema is said in words.
     */
    private boolean answersByTool() {
        return request.outputFormat() instanceof OutputFormat.JsonSchema
                && thinkingBudget() == null
                && (request.toolChoice() == null || request.toolChoice() instanceof ToolChoice.Auto);
    }

    private static String instruction(OutputFormat format) {
        String plain = "Answer with one JSON value and nothing else: no other text, no code fence.";
        return switch (format) {
            case OutputFormat.JsonObject _ -> plain;
            case OutputFormat.JsonSchema schema ->
                plain + " It must fit this JSON schema: " + schema.schema().toJson();
        };
    }

    private @Nullable Json inference(@Nullable Long budget) {
        Sampling sampling = request.sampling();
        Long maxTokens = request.maxOutputTokens();
        if (budget != null) {
            long room = maxTokens == null ? DEFAULT_MAX_TOKENS : maxTokens;
            maxTokens = Math.max(room, budget + LEAST_BUDGET);
        }
        if (maxTokens != null) maxTokens = Math.min(maxTokens, mostOutput);
        Json.Builder config = Json.object().put("maxTokens", Fields.number(maxTokens));
        if (budget == null) {
            config.put("temperature", Fields.number(sampling.temperature()));
            // The newer models of Claude refuse both together.
            if (!claude || sampling.temperature() == null) config.put("topP", Fields.number(sampling.topP()));
        }
        config.putUnlessEmpty(
                "stopSequences",
                request.stopSequences().stream()
                        .filter(stop -> !stop.isBlank())
                        .map(Json::of)
                        .toList());
        return config.isEmpty() ? null : config.build();
    }

    /** Tokens for thinking, which only Claude takes so; null where nothing is wished. */
    private @Nullable Long thinkingBudget() {
        Reasoning reasoning = request.reasoning();
        if (reasoning == null || !claude) return null;
        Long budget = reasoning.budgetTokens();
        if (budget != null) return budget <= 0 ? null : Math.max(budget, LEAST_BUDGET);
        Effort effort = reasoning.effort();
        return switch (effort) {
            case null -> null;
            case NONE -> null;
            case MINIMAL, LOW -> LEAST_BUDGET;
            case MEDIUM -> 4 * LEAST_BUDGET;
            case HIGH, XHIGH, MAX -> 16 * LEAST_BUDGET;
        };
    }

    /** Tools must be declared as long as the conversation speaks of them, whatever the choice is. */
    private @Nullable Json tools() {
        List<Json> specs = new ArrayList<>();
        boolean none = request.toolChoice() instanceof ToolChoice.None;
        if (!none || conversation.mentionsTools()) {
            for (Tool tool : request.tools()) {
                specs.add(spec(tool.name(), tool.description(), tool.parameters()));
                cachePoints.behindTool(tool.cache(), specs);
            }
        }
        if (specs.isEmpty() && conversation.mentionsTools()) {
            for (String name : conversation.toolNames()) specs.add(spec(name, null, ANY_OBJECT));
        }
        Json choice = choice();
        if (answersByTool() && request.outputFormat() instanceof OutputFormat.JsonSchema schema) {
            choice = specs.isEmpty()
                    ? named(OutputTool.name())
                    : Json.object().put("any", EMPTY).build();
            specs.add(spec(OutputTool.name(), schema.description(), schema.schema()));
        }
        if (specs.isEmpty()) return null;
        return Json.object()
                .put("tools", Json.array(specs))
                .put("toolChoice", choice)
                .build();
    }

    private static Json spec(String name, @Nullable String description, Json parameters) {
        Json schema = !parameters.isObject()
                ? ANY_OBJECT
                : parameters.has("type") ? parameters : parameters.with("type", Json.of("object"));
        Json.Builder spec = Json.object().put("name", name);
        if (description != null && !description.isBlank()) spec.put("description", description);
        spec.put("inputSchema", Json.object().put("json", schema).build());
        return Json.object().put("toolSpec", spec.build()).build();
    }

    private @Nullable Json choice() {
        return switch (request.toolChoice()) {
            case null -> null;
            case ToolChoice.Auto _, ToolChoice.None _ ->
                Json.object().put("auto", EMPTY).build();
            case ToolChoice.Required _ -> Json.object().put("any", EMPTY).build();
            case ToolChoice.Named(String name) -> named(name);
        };
    }

    private static Json named(String tool) {
        return Json.object()
                .put("tool", Json.object().put("name", tool).build())
                .build();
    }
}
