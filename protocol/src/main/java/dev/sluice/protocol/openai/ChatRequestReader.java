package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.CacheHint;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a client's request of chat completions. */
final class ChatRequestReader {
    /** Members that the conversation models, or that advise only. All others are extensions. */
    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "tools",
            "functions",
            "tool_choice",
            "function_call",
            "parallel_tool_calls",
            "response_format",
            "temperature",
            "top_p",
            "top_k",
            "seed",
            "presence_penalty",
            "frequency_penalty",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "reasoning_effort",
            "reasoning",
            "thinking",
            "enable_thinking",
            "thinking_budget",
            "stream",
            "stream_options",
            "user",
            "safety_identifier",
            "metadata",
            "n",
            "logprobs",
            "top_logprobs",
            "audio",
            "modalities",
            "web_search_options");

    private ChatRequestReader() {}

    static ChatRequest read(byte[] json) {
        Json body = Fields.body(json);
        refuseUntranslatable(body);
        String user = Fields.text(body, "user");
        Long limit = Fields.tokens(body, "max_completion_tokens");
        return new ChatRequest(
                body.get("model").text(""),
                MessageReader.read(Fields.list(body, "messages")),
                tools(body),
                toolChoice(body),
                Fields.flag(body, "parallel_tool_calls"),
                outputFormat(body.get("response_format")),
                sampling(body),
                limit == null ? Fields.tokens(body, "max_tokens") : limit,
                Fields.texts(body, "stop"),
                reasoning(body),
                body.get("stream").isTrue(),
                body.get("stream_options").get("include_usage").isTrue(),
                user == null ? Fields.text(body, "safety_identifier") : user,
                body.get("metadata").fields(),
                null,
                extensions(body));
    }

    private static void refuseUntranslatable(Json body) {
        if (body.get("n").integer(1) > 1) throw Fields.untranslatable("n");
        if (body.get("logprobs").isTrue()) throw Fields.untranslatable("logprobs");
        if (body.get("top_logprobs").integer(0) > 0) throw Fields.untranslatable("top_logprobs");
        if (body.get("audio").isPresent()) throw Fields.untranslatable("audio");
        if (body.get("web_search_options").isPresent()) throw Fields.untranslatable("web_search_options");
        for (Json modality : body.get("modalities").items()) {
            if (!modality.text("").equals("text")) throw Fields.untranslatable("modalities");
        }
    }

    private static Map<String, Json> extensions(Json body) {
        Map<String, Json> others = new HashMap<>(body.fields());
        others.keySet().removeAll(KNOWN);
        others.values().removeIf(value -> !value.isPresent());
        return others;
    }

    static Sampling sampling(Json body) {
        return new Sampling(
                Fields.decimal(body, "temperature"),
                Fields.decimal(body, "top_p"),
                Fields.integer(body, "top_k"),
                Fields.integer(body, "seed"),
                Fields.decimal(body, "presence_penalty"),
                Fields.decimal(body, "frequency_penalty"));
    }

    private static List<Tool> tools(Json body) {
        List<Tool> tools = new ArrayList<>();
        List<Json> given = Fields.list(body, "tools");
        for (int i = 0; i < given.size(); i++) {
            Json tool = given.get(i);
            if (!tool.get("type").text("function").equals("function"))
                throw Fields.untranslatable("tools[" + i + "].type");
            tools.add(tool(tool.get("function"), tool, "tools[" + i + "].function.name"));
        }
        // The older form.
        for (Json function : Fields.list(body, "functions")) tools.add(tool(function, function, "functions"));
        return tools;
    }

    private static Tool tool(Json function, Json around, String path) {
        String name = function.get("name").text("");
        if (name.isEmpty()) throw Fields.wrong(path, "the name of a function");
        CacheHint cache = cache(around);
        return new Tool(
                name,
                function.get("description").text(),
                function.get("parameters"),
                Fields.flag(function, "strict"),
                cache == null ? cache(function) : cache);
    }

    static @Nullable CacheHint cache(Json part) {
        Json hint = part.get("cache_control");
        return hint.isObject() ? new CacheHint(hint.get("ttl").text()) : null;
    }

    private static @Nullable ToolChoice toolChoice(Json body) {
        Json choice = body.any("tool_choice", "function_call");
        if (!choice.isPresent()) return null;
        String word = choice.text();
        if (word != null) {
            return switch (word) {
                case "none" -> new ToolChoice.None();
                case "auto" -> new ToolChoice.Auto();
                case "required", "any" -> new ToolChoice.Required();
                default -> throw Fields.wrong("tool_choice", "none, auto, required or a function");
            };
        }
        String name = choice.get("function").get("name").text(choice.get("name").text(""));
        boolean function = choice.get("type").text("function").equals("function");
        if (!function) throw Fields.untranslatable("tool_choice");
        if (name.isEmpty()) throw Fields.wrong("tool_choice", "none, auto, required or a function");
        return new ToolChoice.Named(name);
    }

    private static @Nullable OutputFormat outputFormat(Json format) {
        if (!format.isPresent()) return null;
        return switch (format.get("type").text("")) {
            case "text" -> null;
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> schema(format.get("json_schema"));
            default -> throw Fields.untranslatable("response_format");
        };
    }

    static OutputFormat schema(Json format) {
        return new OutputFormat.JsonSchema(
                format.get("name").text("output"),
                format.get("description").text(),
                format.get("schema"),
                Fields.flag(format, "strict"));
    }

    /** The wish about thinking in the words of OpenAI, or of the vendors that have their own. */
    static @Nullable Reasoning reasoning(Json body) {
        Json told = body.get("reasoning_effort");
        if (!told.isPresent()) told = body.get("reasoning").get("effort");
        String word = told.text();
        if (word != null) {
            ChatRequest.Effort effort = Effort.of(word);
            if (effort == null)
                throw Fields.wrong("reasoning_effort", "none, minimal, low, medium, high, xhigh or max");
            return new Reasoning(effort, null, null);
        }
        Json limit = body.get("reasoning").get("max_tokens");
        if (limit.isNumber()) return new Reasoning(null, Math.max(0, limit.integer(0)), null);
        Json thinking = body.get("thinking");
        String type = thinking.get("type").text("");
        boolean off = type.equals("disabled") || body.get("enable_thinking").isFalse();
        if (off) return new Reasoning(ChatRequest.Effort.NONE, null, null);
        Json budget =
                thinking.get("budget_tokens").isNumber() ? thinking.get("budget_tokens") : body.get("thinking_budget");
        if (budget.isNumber()) return new Reasoning(null, Math.max(0, budget.integer(0)), null);
        boolean on = type.equals("enabled")
                || type.equals("adaptive")
                || body.get("enable_thinking").isTrue();
        return on ? new Reasoning(null, null, null) : null;
    }
}
