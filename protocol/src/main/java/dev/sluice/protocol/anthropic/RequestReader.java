package dev.sluice.protocol.anthropic;

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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a client's request of messages. */
final class RequestReader {
    /** What Claude Code tells about billing stands in front of the instructions and changes with every call: it would spoil caches. */
    private static final String BILLING = "x-anthropic-billing-header";

    private RequestReader() {}

    static ChatRequest read(byte[] json, Asked asked) {
        Json body = Fields.body(json);
        for (String name : List.of("container", "mcp_servers")) {
            if (body.get(name).isPresent()) throw Fields.untranslatable(name);
        }
        List<Message> messages = new ArrayList<>();
        List<Part> system = system(body.get("system"));
        if (!system.isEmpty()) messages.add(new Message(Role.SYSTEM, system, null));
        List<Json> given = Fields.list(body, "messages");
        if (given.isEmpty()) throw Fields.wrong("messages", "a list with at least one message");
        for (int i = 0; i < given.size(); i++) messages.add(message(given.get(i), "messages[" + i + "]"));
        Boolean single = Fields.flag(body.get("tool_choice"), "disable_parallel_tool_use");
        return new ChatRequest(
                asked.model() == null ? body.get("model").text("") : asked.model(),
                messages,
                tools(Fields.list(body, "tools")),
                toolChoice(body.get("tool_choice")),
                single == null ? null : !single,
                outputFormat(body),
                new Sampling(
                        Fields.decimal(body, "temperature"),
                        Fields.decimal(body, "top_p"),
                        Fields.integer(body, "top_k"),
                        null,
                        null,
                        null),
                Fields.tokens(body, "max_tokens"),
                Fields.texts(body, "stop_sequences"),
                reasoning(body),
                asked.stream() || body.get("stream").isTrue(),
                true,
                body.get("metadata").get("user_id").text(),
                Map.of(),
                null,
                Map.of());
    }

    private static List<Part> system(Json system) {
        List<Part> parts = new ArrayList<>();
        if (system.isText()) addText(parts, system.text(""), Json.none());
        for (Json block : system.items()) {
            if (!block.get("type").text("").equals("text")) throw Fields.wrong("system", "texts");
            addText(parts, block.get("text").text(""), block);
        }
        return parts;
    }

    private static void addText(List<Part> parts, String text, Json block) {
        if (!text.isEmpty() && !text.startsWith(BILLING)) parts.add(new Part.Text(text, Members.cache(block)));
    }

    private static Message message(Json message, String path) {
        Role role = switch (message.get("role").text("")) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            default -> throw Fields.wrong(path + ".role", "user or assistant");
        };
        return new Message(role, BlockReader.blocks(message.get("content"), path + ".content"), null);
    }

    private static List<Tool> tools(List<Json> given) {
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Json tool = given.get(i);
            // Tools that run at the vendor exist nowhere else.
            if (!tool.get("type").text("custom").equals("custom")) throw Fields.untranslatable("tools[" + i + "].type");
            String name = tool.get("name").text("");
            if (name.isEmpty()) throw Fields.wrong("tools[" + i + "].name", "the name of a tool");
            tools.add(new Tool(
                    name,
                    tool.get("description").text(),
                    tool.get("input_schema"),
                    Fields.flag(tool, "strict"),
                    Members.cache(tool)));
        }
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(Json choice) {
        if (!choice.isPresent()) return null;
        return switch (choice.get("type").text("")) {
            case "auto" -> new ToolChoice.Auto();
            case "any" -> new ToolChoice.Required();
            case "none" -> new ToolChoice.None();
            case "tool" -> new ToolChoice.Named(choice.get("name").text(""));
            default -> throw Fields.wrong("tool_choice.type", "auto, any, tool or none");
        };
    }

    private static @Nullable OutputFormat outputFormat(Json body) {
        Json format = body.get("output_config").get("format");
        if (!format.isPresent()) format = body.get("output_format");
        if (!format.isPresent()) return null;
        if (!format.get("type").text("").equals("json_schema"))
            throw Fields.wrong("output_config.format.type", "json_schema");
        return new OutputFormat.JsonSchema("output", null, format.get("schema"), true);
    }

    private static @Nullable Reasoning reasoning(Json body) {
        Json thinking = body.get("thinking");
        Effort effort = effort(body.get("output_config").get("effort").text());
        Boolean shown = thinking.isObject() ? !thinking.get("display").text("").equals("omitted") : null;
        return switch (thinking.get("type").text("")) {
            case "disabled" -> new Reasoning(Effort.NONE, null, false);
            case "enabled" -> new Reasoning(null, Fields.tokens(thinking, "budget_tokens"), shown);
            case "adaptive" -> new Reasoning(effort, null, shown);
            case "" -> effort == null ? null : new Reasoning(effort, null, null);
            default -> throw Fields.wrong("thinking.type", "enabled, adaptive or disabled");
        };
    }

    private static @Nullable Effort effort(@Nullable String word) {
        if (word == null) return null;
        for (Effort effort : Effort.values()) {
            if (effort.name().toLowerCase(Locale.ROOT).equals(word)) return effort;
        }
        throw Fields.wrong("output_config.effort", "low, medium, high, xhigh or max");
    }
}
