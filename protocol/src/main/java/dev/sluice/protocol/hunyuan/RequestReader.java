package dev.sluice.protocol.hunyuan;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.ChatRequest.Message;
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
        List<Json> given = Fields.list(body, "Messages");
        if (given.isEmpty()) throw Fields.wrong("Messages", "a list with at least one message");
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) messages.add(message(given.get(i), "Messages[" + i + "]"));
        return new ChatRequest(
                asked.model() == null ? body.get("Model").text("") : asked.model(),
                messages,
                tools(Fields.list(body, "Tools")),
                toolChoice(body),
                null,
                null,
                new Sampling(
                        Fields.decimal(body, "Temperature"),
                        Fields.decimal(body, "TopP"),
                        null,
                        Fields.integer(body, "Seed"),
                        null,
                        null),
                null,
                Fields.texts(body, "Stop"),
                null,
                asked.stream() || body.get("Stream").isTrue(),
                true,
                null,
                Map.of(),
                null,
                Map.of());
    }

    private static Message message(Json message, String path) {
        List<Part> content = content(message, path);
        return switch (message.get("Role").text("")) {
            case "system" -> new Message(Role.SYSTEM, content, null);
            case "user" -> new Message(Role.USER, content, null);
            case "assistant" -> new Message(Role.ASSISTANT, said(message, content), null);
            case "tool" ->
                Message.of(
                        Role.USER, new Part.ToolResult(message.get("ToolCallId").text(""), null, content, false, null));
            default -> throw Fields.wrong(path + ".Role", "system, user, assistant or tool");
        };
    }

    /** A text, or a list of texts and pictures in another member. */
    private static List<Part> content(Json message, String path) {
        List<Part> parts = new ArrayList<>();
        String text = message.get("Content").text("");
        if (!text.isEmpty()) parts.add(new Part.Text(text));
        List<Json> contents = message.get("Contents").items();
        for (int i = 0; i < contents.size(); i++) {
            Json content = contents.get(i);
            switch (content.get("Type").text("")) {
                case "text" -> parts.add(new Part.Text(content.get("Text").text("")));
                case "image_url" ->
                    parts.add(new Part.Image(
                            Media.ofUrl(content.get("ImageUrl").get("Url").text(""))));
                default -> throw Fields.untranslatable(path + ".Contents[" + i + "].Type");
            }
        }
        return parts;
    }

    private static List<Part> said(Json message, List<Part> content) {
        List<Part> parts = new ArrayList<>();
        String thoughts = message.get("ReasoningContent").text("");
        if (!thoughts.isEmpty()) parts.add(new Part.Thinking(thoughts, null));
        parts.addAll(content);
        for (Json call : message.get("ToolCalls").items()) {
            Json function = call.get("Function");
            parts.add(new Part.ToolCall(
                    call.get("Id").text(""),
                    function.get("Name").text(""),
                    function.get("Arguments").text("")));
        }
        return parts;
    }

    private static List<Tool> tools(List<Json> given) {
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Json function = given.get(i).get("Function");
            String name = function.get("Name").text("");
            if (name.isEmpty()) throw Fields.wrong("Tools[" + i + "].Function.Name", "the name of a function");
            Json parameters = Json.parse(function.get("Parameters").text("{}"));
            if (parameters == null) throw Fields.wrong("Tools[" + i + "].Function.Parameters", "JSON in a string");
            tools.add(new Tool(name, function.get("Description").text(), parameters, null, null));
        }
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(Json body) {
        String word = Fields.text(body, "ToolChoice");
        return switch (word) {
            case null -> null;
            case "auto" -> new ToolChoice.Auto();
            case "none" -> new ToolChoice.None();
            case "custom" ->
                new ToolChoice.Named(
                        body.get("CustomTool").get("Function").get("Name").text(""));
            default -> throw Fields.wrong("ToolChoice", "auto, none or custom");
        };
    }
}
