package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a client's request of responses. */
final class ResponsesRequestReader {
    /** What stands in the vendor's own store, or runs at the vendor. */
    private static final List<String> HOSTED = List.of("previous_response_id", "conversation", "prompt");

    private static final List<String> EXTENSIONS = List.of("service_tier", "prompt_cache_key");

    private ResponsesRequestReader() {}

    static ChatRequest read(byte[] json) {
        Json body = Fields.body(json);
        for (String name : HOSTED) {
            if (body.get(name).isPresent()) throw Fields.untranslatable(name);
        }
        if (body.get("background").isTrue()) throw Fields.untranslatable("background");
        if (body.get("top_logprobs").integer(0) > 0) throw Fields.untranslatable("top_logprobs");
        String user = Fields.text(body, "user");
        return new ChatRequest(
                body.get("model").text(""),
                ItemReader.read(Fields.text(body, "instructions"), body.get("input")),
                tools(Fields.list(body, "tools")),
                toolChoice(body.get("tool_choice")),
                Fields.flag(body, "parallel_tool_calls"),
                outputFormat(body.get("text").get("format")),
                ChatRequestReader.sampling(body),
                Fields.tokens(body, "max_output_tokens"),
                List.of(),
                reasoning(body.get("reasoning")),
                body.get("stream").isTrue(),
                true,
                user == null ? Fields.text(body, "safety_identifier") : user,
                body.get("metadata").fields(),
                null,
                extensions(body));
    }

    private static Map<String, Json> extensions(Json body) {
        Map<String, Json> extensions = new HashMap<>();
        for (String name : EXTENSIONS) {
            if (body.get(name).isPresent()) extensions.put(name, body.get(name));
        }
        Json verbosity = body.get("text").get("verbosity");
        if (verbosity.isPresent()) extensions.put("verbosity", verbosity);
        return extensions;
    }

    private static List<Tool> tools(List<Json> given) {
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Json tool = given.get(i);
            if (!tool.get("type").text("").equals("function")) throw Fields.untranslatable("tools[" + i + "].type");
            String name = tool.get("name").text("");
            if (name.isEmpty()) throw Fields.wrong("tools[" + i + "].name", "the name of a function");
            tools.add(new Tool(
                    name, tool.get("description").text(), tool.get("parameters"), Fields.flag(tool, "strict"), null));
        }
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(Json choice) {
        if (!choice.isPresent()) return null;
        return switch (choice.text(choice.get("type").text(""))) {
            case "none" -> new ToolChoice.None();
            case "auto" -> new ToolChoice.Auto();
            case "required" -> new ToolChoice.Required();
            case "function" -> new ToolChoice.Named(choice.get("name").text(""));
            default -> throw Fields.untranslatable("tool_choice");
        };
    }

    private static @Nullable OutputFormat outputFormat(Json format) {
        if (!format.isPresent()) return null;
        return switch (format.get("type").text("")) {
            case "text" -> null;
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" -> ChatRequestReader.schema(format);
            default -> throw Fields.untranslatable("text.format");
        };
    }

    private static @Nullable Reasoning reasoning(Json reasoning) {
        if (!reasoning.isObject()) return null;
        String word = reasoning.get("effort").text();
        Boolean shown = reasoning.get("summary").isPresent() ? Boolean.TRUE : null;
        if (word == null) return shown == null ? null : new Reasoning(null, null, shown);
        ChatRequest.Effort effort = Effort.of(word);
        if (effort == null) throw Fields.wrong("reasoning.effort", "none, minimal, low, medium, high, xhigh or max");
        return new Reasoning(effort, null, shown);
    }
}
