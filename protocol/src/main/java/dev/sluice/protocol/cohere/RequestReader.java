package dev.sluice.protocol.cohere;

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
import dev.sluice.protocol.chat.Part.Media;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a client's request of chat. */
final class RequestReader {
    private RequestReader() {}

    static ChatRequest read(byte[] json, Asked asked) {
        Json body = Fields.body(json);
        // Answers that cite documents, and the chances of tokens, exist at Cohere only.
        if (!body.get("documents").items().isEmpty()) throw Fields.untranslatable("documents");
        if (body.get("logprobs").isTrue()) throw Fields.untranslatable("logprobs");
        List<Json> given = Fields.list(body, "messages");
        if (given.isEmpty()) throw Fields.wrong("messages", "a list with at least one message");
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) messages.add(message(given.get(i), "messages[" + i + "]"));
        return new ChatRequest(
                asked.model() == null ? body.get("model").text("") : asked.model(),
                messages,
                tools(body),
                toolChoice(body),
                null,
                outputFormat(body.get("response_format")),
                new Sampling(
                        Fields.decimal(body, "temperature"),
                        Fields.decimal(body, "p"),
                        Fields.integer(body, "k"),
                        Fields.integer(body, "seed"),
                        Fields.decimal(body, "presence_penalty"),
                        Fields.decimal(body, "frequency_penalty")),
                Fields.tokens(body, "max_tokens"),
                Fields.texts(body, "stop_sequences"),
                reasoning(body.get("thinking")),
                asked.stream() || body.get("stream").isTrue(),
                true,
                null,
                Map.of(),
                null,
                Map.of());
    }

    private static Message message(Json message, String path) {
        Json content = message.get("content");
        return switch (message.get("role").text("")) {
            case "system", "developer" -> new Message(Role.SYSTEM, blocks(content, path + ".content"), null);
            case "user" -> new Message(Role.USER, blocks(content, path + ".content"), null);
            case "assistant" -> new Message(Role.ASSISTANT, said(message, path), null);
            case "tool" ->
                Message.of(
                        Role.USER,
                        new Part.ToolResult(
                                message.get("tool_call_id").text(""),
                                null,
                                blocks(content, path + ".content"),
                                false,
                                null));
            default -> throw Fields.wrong(path + ".role", "system, user, assistant or tool");
        };
    }

    private static List<Part> said(Json message, String path) {
        List<Part> parts = new ArrayList<>();
        String plan = message.get("tool_plan").text("");
        if (!plan.isEmpty()) parts.add(new Part.Thinking(plan, null));
        parts.addAll(blocks(message.get("content"), path + ".content"));
        for (Json call : message.get("tool_calls").items()) {
            Json function = call.get("function");
            parts.add(new Part.ToolCall(
                    call.get("id").text(""),
                    function.get("name").text(""),
                    function.get("arguments").text("")));
        }
        return parts;
    }

    private static List<Part> blocks(Json content, String path) {
        return Fields.parts(content, path, RequestReader::block);
    }

    private static @Nullable Part block(Json block, String path) {
        return switch (block.get("type").text("")) {
            case "text" -> {
                String text = block.get("text").text("");
                yield text.isEmpty() ? null : new Part.Text(text);
            }
            case "thinking" -> new Part.Thinking(block.get("thinking").text(""), null);
            case "image_url" -> {
                Json image = block.get("image_url");
                yield new Part.Image(
                        Media.ofUrl(image.get("url").text("")),
                        image.get("detail").text(),
                        null);
            }
            // What a tool gave back may be a document, whose data is a text or members.
            case "document" -> {
                Json data = block.get("document").get("data");
                yield new Part.Text(data.text(data.toJson()));
            }
            default -> throw Fields.untranslatable(path + ".type");
        };
    }

    private static List<Tool> tools(Json body) {
        List<Json> given = Fields.list(body, "tools");
        Boolean strict = Fields.flag(body, "strict_tools");
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Json function = given.get(i).get("function");
            String name = function.get("name").text("");
            if (name.isEmpty()) throw Fields.wrong("tools[" + i + "].function.name", "the name of a function");
            tools.add(new Tool(name, function.get("description").text(), function.get("parameters"), strict, null));
        }
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(Json body) {
        String word = Fields.text(body, "tool_choice");
        return switch (word) {
            case null -> null;
            case "REQUIRED" -> new ToolChoice.Required();
            case "NONE" -> new ToolChoice.None();
            default -> throw Fields.wrong("tool_choice", "REQUIRED or NONE");
        };
    }

    private static @Nullable OutputFormat outputFormat(Json format) {
        Json schema = format.any("json_schema", "schema");
        return switch (format.get("type").text("text")) {
            case "text" -> null;
            case "json_object" ->
                schema.isObject()
                        ? new OutputFormat.JsonSchema("output", null, schema, true)
                        : new OutputFormat.JsonObject();
            default -> throw Fields.wrong("response_format.type", "text or json_object");
        };
    }

    private static @Nullable Reasoning reasoning(Json thinking) {
        return switch (thinking.get("type").text("")) {
            case "" -> null;
            case "disabled" -> new Reasoning(Effort.NONE, null, null);
            case "enabled" -> new Reasoning(null, Fields.tokens(thinking, "token_budget"), null);
            default -> throw Fields.wrong("thinking.type", "enabled or disabled");
        };
    }
}
