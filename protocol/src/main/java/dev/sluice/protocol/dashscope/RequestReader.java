package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Effort;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Reasoning;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a client's request. */
final class RequestReader {
    private RequestReader() {}

    static ChatRequest read(byte[] json, Asked asked) {
        Json body = Fields.body(json);
        Json input = body.get("input");
        if (!input.isObject()) throw Fields.wrong("input", "an object with messages");
        List<Json> given = Fields.list(input, "messages");
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) messages.add(message(given.get(i), "input.messages[" + i + "]"));
        String prompt = input.get("prompt").text();
        if (prompt != null) messages.add(Message.of(Role.USER, new Part.Text(prompt)));
        if (messages.isEmpty()) throw Fields.wrong("input.messages", "a list with at least one message");
        Json parameters = body.get("parameters");
        if (parameters.get("n").integer(1) > 1) throw Fields.untranslatable("parameters.n");
        if (parameters.get("logprobs").isTrue()) throw Fields.untranslatable("parameters.logprobs");
        boolean parts =
                given.stream().anyMatch(message -> message.get("content").isArray());
        return new ChatRequest(
                asked.model() == null ? body.get("model").text("") : asked.model(),
                messages,
                tools(Fields.list(parameters, "tools")),
                toolChoice(parameters.get("tool_choice")),
                parallel(parameters),
                outputFormat(parameters.get("response_format")),
                new Sampling(
                        Fields.decimal(parameters, "temperature"),
                        Fields.decimal(parameters, "top_p"),
                        Fields.integer(parameters, "top_k"),
                        Fields.integer(parameters, "seed"),
                        Fields.decimal(parameters, "presence_penalty"),
                        null),
                Fields.tokens(parameters, "max_tokens"),
                Fields.texts(parameters, "stop"),
                reasoning(parameters),
                asked.stream(),
                true,
                null,
                Map.of(),
                null,
                extensions(parameters, parts));
    }

    /** DashScope calls one tool at a time unless it is told otherwise. */
    private static @Nullable Boolean parallel(Json parameters) {
        Boolean said = Fields.flag(parameters, "parallel_tool_calls");
        return said == null && !parameters.get("tools").items().isEmpty() ? Boolean.FALSE : said;
    }

    private static Map<String, Json> extensions(Json parameters, boolean parts) {
        Map<String, Json> extensions = new HashMap<>();
        for (String name : RequestWriter.EXTENSIONS) {
            if (parameters.get(name).isPresent()) extensions.put(name, parameters.get(name));
        }
        extensions.put(Wishes.RESULT_FORMAT, Json.of(Wishes.resultFormat(parameters, parts)));
        extensions.put(Wishes.INCREMENTAL, parameters.get(Wishes.INCREMENTAL));
        return extensions;
    }

    private static Message message(Json message, String path) {
        List<Part> content = Parts.read(message.get("content"), path + ".content");
        return switch (message.get("role").text("")) {
            case "system" -> new Message(Role.SYSTEM, content, null);
            case "user" -> new Message(Role.USER, content, message.get("name").text());
            case "assistant" -> new Message(Role.ASSISTANT, said(message, content), null);
            case "tool" -> {
                String id = message.get("tool_call_id").text("");
                String name = message.get("name").text();
                yield Message.of(Role.USER, new Part.ToolResult(id, name, content, false, null));
            }
            default -> throw Fields.wrong(path + ".role", "system, user, assistant or tool");
        };
    }

    private static List<Part> said(Json message, List<Part> content) {
        List<Part> said = new ArrayList<>();
        String thoughts = message.get("reasoning_content").text("");
        if (!thoughts.isEmpty()) said.add(new Part.Thinking(thoughts, null));
        said.addAll(content);
        for (Json call : message.get("tool_calls").items()) {
            Json function = call.get("function");
            said.add(new Part.ToolCall(
                    call.get("id").text(""),
                    function.get("name").text(""),
                    function.get("arguments").text("")));
        }
        return said;
    }

    private static List<Tool> tools(List<Json> given) {
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            String path = "parameters.tools[" + i + "]";
            if (!given.get(i).get("type").text("function").equals("function"))
                throw Fields.untranslatable(path + ".type");
            Json function = given.get(i).get("function");
            String name = function.get("name").text("");
            if (name.isEmpty()) throw Fields.wrong(path + ".function.name", "the name of a function");
            tools.add(new Tool(name, function.get("description").text(), function.get("parameters"), null, null));
        }
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(Json choice) {
        if (!choice.isPresent()) return null;
        String name = choice.get("function").get("name").text("");
        if (!name.isEmpty()) return new ToolChoice.Named(name);
        return switch (choice.text("")) {
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> throw Fields.wrong("parameters.tool_choice", "auto, none or a function");
        };
    }

    private static @Nullable OutputFormat outputFormat(Json format) {
        Json schema = format.get("json_schema");
        return switch (format.get("type").text("text")) {
            case "text" -> null;
            case "json_object" -> new OutputFormat.JsonObject();
            case "json_schema" ->
                new OutputFormat.JsonSchema(
                        schema.get("name").text("output"),
                        schema.get("description").text(),
                        schema.get("schema"),
                        Fields.flag(schema, "strict"));
            default -> throw Fields.wrong("parameters.response_format", "text, json_object or json_schema");
        };
    }

    private static @Nullable Reasoning reasoning(Json parameters) {
        Boolean on = Fields.flag(parameters, "enable_thinking");
        if (on != null && !on) return new Reasoning(Effort.NONE, null, null);
        Long budget = Fields.tokens(parameters, "thinking_budget");
        return on == null && budget == null ? null : new Reasoning(null, budget, null);
    }
}
