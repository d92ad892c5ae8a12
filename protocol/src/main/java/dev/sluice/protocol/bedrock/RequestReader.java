package dev.sluice.protocol.bedrock;

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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a client's request of Converse. */
final class RequestReader {
    private static final String EXTRA = "additionalModelRequestFields";
    /** What of the models' own members has a meaning elsewhere, or is advice. */
    private static final Set<String> KNOWN_EXTRA =
            Set.of("thinking", "top_k", "topK", "anthropic_beta", "output_config");

    private RequestReader() {}

    static ChatRequest read(byte[] json, Asked asked) {
        Json body = Fields.body(json);
        for (String name : List.of("guardrailConfig", "promptVariables")) {
            if (body.get(name).isPresent()) throw Fields.untranslatable(name);
        }
        Json extra = body.get(EXTRA);
        for (String name : extra.fields().keySet()) {
            if (!KNOWN_EXTRA.contains(name)) throw Fields.untranslatable(EXTRA + "." + name);
        }
        List<Message> messages = new ArrayList<>();
        List<Part> system = BlockReader.blocks(body.get("system"), "system");
        if (!system.isEmpty()) messages.add(new Message(Role.SYSTEM, system, null));
        List<Json> given = Fields.list(body, "messages");
        if (given.isEmpty()) throw Fields.wrong("messages", "a list with at least one message");
        for (int i = 0; i < given.size(); i++) messages.add(message(given.get(i), "messages[" + i + "]"));
        Json inference = body.get("inferenceConfig");
        Json tools = body.get("toolConfig");
        return new ChatRequest(
                asked.model() == null ? "" : asked.model(),
                messages,
                tools(Fields.list(tools, "tools")),
                toolChoice(tools.get("toolChoice")),
                null,
                outputFormat(body.get("outputConfig").get("textFormat")),
                new Sampling(
                        Fields.decimal(inference, "temperature"),
                        Fields.decimal(inference, "topP"),
                        Fields.integer(extra, extra.has("topK") ? "topK" : "top_k"),
                        null,
                        null,
                        null),
                Fields.tokens(inference, "maxTokens"),
                Fields.texts(inference, "stopSequences"),
                reasoning(body, extra),
                asked.stream(),
                true,
                null,
                body.get("requestMetadata").fields(),
                null,
                Map.of());
    }

    private static Message message(Json message, String path) {
        Role role = switch (message.get("role").text("")) {
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            default -> throw Fields.wrong(path + ".role", "user or assistant");
        };
        return new Message(role, BlockReader.blocks(message.get("content"), path + ".content"), null);
    }

    private static List<Tool> tools(List<Json> given) {
        List<Tool> tools = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Json tool = given.get(i).get("toolSpec");
            if (given.get(i).get("cachePoint").isObject() && !tools.isEmpty()) {
                Tool last = tools.removeLast();
                tools.add(new Tool(
                        last.name(),
                        last.description(),
                        last.parameters(),
                        last.strict(),
                        BlockReader.cache(given.get(i))));
                continue;
            }
            // Tools that run at the vendor exist nowhere else.
            if (!tool.isObject()) throw Fields.untranslatable("toolConfig.tools[" + i + "]");
            String name = tool.get("name").text("");
            if (name.isEmpty()) throw Fields.wrong("toolConfig.tools[" + i + "].toolSpec.name", "the name of a tool");
            tools.add(new Tool(
                    name,
                    tool.get("description").text(),
                    tool.get("inputSchema").get("json"),
                    Fields.flag(tool, "strict"),
                    null));
        }
        return tools;
    }

    private static @Nullable ToolChoice toolChoice(Json choice) {
        if (!choice.isPresent()) return null;
        if (choice.get("auto").isObject()) return new ToolChoice.Auto();
        if (choice.get("any").isObject()) return new ToolChoice.Required();
        String name = choice.get("tool").get("name").text("");
        if (name.isEmpty()) throw Fields.wrong("toolConfig.toolChoice", "auto, any or a tool");
        return new ToolChoice.Named(name);
    }

    /** The schema is JSON in a string. */
    private static @Nullable OutputFormat outputFormat(Json format) {
        if (!format.isPresent()) return null;
        Json given = format.get("structure").get("jsonSchema");
        Json schema = Json.parse(given.get("schema").text(""));
        if (schema == null || !schema.isObject())
            throw Fields.wrong("outputConfig.textFormat.structure.jsonSchema.schema", "a JSON schema in a string");
        return new OutputFormat.JsonSchema(
                given.get("name").text("output"), given.get("description").text(), schema, true);
    }

    private static @Nullable Reasoning reasoning(Json body, Json extra) {
        Json thinking = extra.get("thinking");
        String word = body.get("outputConfig").get("effort").text();
        if (word == null) word = extra.get("output_config").get("effort").text();
        Effort effort = word == null ? null : effort(word);
        return switch (thinking.get("type").text("")) {
            case "disabled" -> new Reasoning(Effort.NONE, null, false);
            case "enabled" -> new Reasoning(null, Fields.tokens(thinking, "budget_tokens"), true);
            case "adaptive" -> new Reasoning(effort, null, true);
            case "" -> effort == null ? null : new Reasoning(effort, null, null);
            default -> throw Fields.wrong(EXTRA + ".thinking.type", "enabled, adaptive or disabled");
        };
    }

    private static Effort effort(String word) {
        for (Effort effort : Effort.values()) {
            if (effort.name().toLowerCase(Locale.ROOT).equals(word)) return effort;
        }
        throw Fields.wrong("outputConfig.effort", "low, medium, high, xhigh or max");
    }
}
