package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Dialect.ToolChoiceWord;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.ResponseFormat;
import dev.sluice.protocol.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a request of chat completions in the dialect of one vendor. */
final class ChatRequestWriter {
    private static final Json NO_PARAMETERS = Json.object()
            .put("type", "object")
            .put("properties", Json.object().build())
            .build();

    private final ChatRequest request;
    private final Dialect dialect;
    private final Json.Builder body = Json.object();

    private ChatRequestWriter(ChatRequest request, Dialect dialect) {
        this.request = request;
        this.dialect = dialect;
    }

    static byte[] write(ChatRequest request, Dialect dialect) {
        return new ChatRequestWriter(request, dialect).write().toBytes();
    }

    private Json write() {
        body.put("model", request.model()).put("messages", MessageWriter.write(request.messages(), dialect));
        tools();
        if (request.outputFormat() != null) body.put("response_format", ResponseFormat.of(request.outputFormat()));
        sampling();
        if (request.maxOutputTokens() != null) {
            String name = switch (dialect.maxTokens()) {
                case MAX_TOKENS -> "max_tokens";
                case MAX_COMPLETION_TOKENS -> "max_completion_tokens";
            };
            body.put(name, (long) request.maxOutputTokens());
        }
        stops(request.stopSequences());
        Reasoning wish = wish();
        if (wish != null) reasoning(wish);
        if (request.stream()) {
            body.put("stream", true);
            body.put("stream_options", Json.object().put("include_usage", true).build());
        }
        body.put("user", request.user());
        if (dialect.extensions().contains("metadata") && !request.metadata().isEmpty()) {
            Json.Builder labels = Json.object();
            request.metadata().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(label -> labels.put(label.getKey(), label.getValue()));
            body.put("metadata", labels.build());
        }
        request.extensions().entrySet().stream()
                .filter(member -> dialect.extensions().contains(member.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(member -> body.put(member.getKey(), member.getValue()));
        return body.build();
    }

    private void tools() {
        List<Tool> shown = request.tools();
        ToolChoice choice = request.toolChoice();
        // A model that cannot be told to call none is not shown any.
        if (shown.isEmpty() || choice instanceof ToolChoice.None && !knows(ToolChoiceWord.NONE)) return;
        if (choice instanceof ToolChoice.Named(String name) && !knows(ToolChoiceWord.FUNCTION)) {
            shown = shown.stream().filter(tool -> tool.name().equals(name)).toList();
            choice = new ToolChoice.Required();
        }
        body.putUnlessEmpty("tools", shown.stream().map(this::tool).toList());
        if (choice != null) body.put("tool_choice", choice(choice, shown));
        body.put("parallel_tool_calls", Fields.flag(request.parallelToolCalls()));
    }

    private boolean knows(ToolChoiceWord word) {
        return dialect.toolChoices().contains(word);
    }

    private Json choice(ToolChoice choice, List<Tool> shown) {
        return switch (choice) {
            case ToolChoice.Auto _ -> Json.of("auto");
            case ToolChoice.None _ -> Json.of("none");
            case ToolChoice.Required _ -> {
                if (knows(ToolChoiceWord.REQUIRED)) yield Json.of("required");
                if (knows(ToolChoiceWord.ANY)) yield Json.of("any");
                if (knows(ToolChoiceWord.FUNCTION) && shown.size() == 1)
                    yield function(shown.getFirst().name());
                throw new InexpressibleException(
                        "provider " + dialect.provider()
                                + " cannot be made to call a tool; leave the choice to the model",
                        "tool_choice");
            }
            case ToolChoice.Named(String name) -> function(name);
        };
    }

    private static Json function(String name) {
        return Json.object()
                .put("type", "function")
                .put("function", Json.object().put("name", name).build())
                .build();
    }

    private Json tool(Tool tool) {
        Json.Builder function = Json.object()
                .put("name", tool.name())
                .put("description", tool.description())
                .put("parameters", tool.parameters().isObject() ? tool.parameters() : NO_PARAMETERS)
                .put("strict", Fields.flag(tool.strict()));
        Json.Builder json = Json.object().put("type", "function").put("function", function.build());
        return MessageWriter.cached(json, tool.cache(), dialect).build();
    }

    private void sampling() {
        Sampling sampling = request.sampling();
        body.put("temperature", Fields.number(sampling.temperature()));
        body.put("top_p", Fields.number(sampling.topP()));
        if (dialect.extensions().contains("top_k")) body.put("top_k", Fields.number(sampling.topK()));
        body.put("seed", Fields.number(sampling.seed()));
        body.put("presence_penalty", Fields.number(sampling.presencePenalty()));
        body.put("frequency_penalty", Fields.number(sampling.frequencyPenalty()));
    }

    /** More than the vendor takes are refused; the first ones end most texts. */
    private void stops(List<String> stops) {
        if (stops.isEmpty()) return;
        body.put("stop", Json.texts(stops.subList(0, Math.min(dialect.mostStops(), stops.size()))));
    }

    /**
     * What the client asked for. Where it asked for nothing, a model does not think. A turn with calls whose thoughts the client did not keep can
     * only go on without thinking where they are required.
     */
    private @Nullable Reasoning wish() {
        boolean lost = dialect.thoughtsBack() == Dialect.ThoughtsBack.REQUIRED
                && request.messages().stream().anyMatch(ChatRequestWriter::callsWithoutThoughts);
        boolean off = lost || request.reasoning() == null && dialect.thinksUnasked();
        return off ? new Reasoning(ChatRequest.Effort.NONE, null, null) : request.reasoning();
    }

    private static boolean callsWithoutThoughts(Message message) {
        boolean calls = false;
        boolean thinks = false;
        for (Part part : message.parts()) {
            calls |= part instanceof Part.ToolCall;
            thinks |= part instanceof Part.Thinking(String text, String _) && !text.isEmpty();
        }
        return calls && !thinks;
    }

    private void reasoning(Reasoning reasoning) {
        boolean off = Effort.of(reasoning) == ChatRequest.Effort.NONE;
        switch (dialect.reasoning()) {
            case EFFORT -> body.put("reasoning_effort", Effort.wordFor(reasoning, dialect));
            case THINKING_TYPE ->
                body.put(
                        "thinking",
                        Json.object().put("type", off ? "disabled" : "enabled").build());
            case ENABLE_THINKING -> {
                body.put("enable_thinking", !off);
                if (!off) body.put("thinking_budget", Fields.number(reasoning.budgetTokens()));
            }
            case REASONING_OBJECT -> body.put("reasoning", reasoningObject(reasoning));
            case NONE -> {}
        }
    }

    private @Nullable Json reasoningObject(Reasoning reasoning) {
        Long budget = reasoning.budgetTokens();
        if (budget != null && budget > 0)
            return Json.object().put("max_tokens", (long) budget).build();
        String word = Effort.wordFor(reasoning, dialect);
        return word == null ? null : Json.object().put("effort", word).build();
    }
}
