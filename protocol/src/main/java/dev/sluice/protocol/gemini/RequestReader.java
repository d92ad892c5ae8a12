package dev.sluice.protocol.gemini;

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

/** Reads a client's request, in either spelling of its members. */
final class RequestReader {
    private final Asked asked;

    RequestReader(Asked asked) {
        this.asked = asked;
    }

    ChatRequest read(byte[] json) {
        Json body = Members.camel(Fields.body(json));
        if (body.get("cachedContent").isPresent()) throw Fields.untranslatable("cachedContent");
        List<Message> messages = new ArrayList<>();
        List<Part> system = system(body.get("systemInstruction"));
        if (!system.isEmpty()) messages.add(new Message(Role.SYSTEM, system, null));
        List<Json> contents = Fields.list(body, "contents");
        if (contents.isEmpty()) throw Fields.wrong("contents", "a list with at least one content");
        ContentReader reader = new ContentReader();
        for (int i = 0; i < contents.size(); i++) messages.add(reader.read(contents.get(i), "contents[" + i + "]"));
        Json config = Members.camel(body.get("generationConfig"));
        refuseUntranslatable(config);
        Json calling = Members.camel(Members.camel(body.get("toolConfig")).get("functionCallingConfig"));
        List<String> allowed = Fields.texts(calling, "allowedFunctionNames");
        List<Tool> tools = tools(body);
        if (!allowed.isEmpty()) tools.removeIf(tool -> !allowed.contains(tool.name()));
        return new ChatRequest(
                asked.model() == null ? body.get("model").text("") : asked.model(),
                messages,
                tools,
                toolChoice(calling.get("mode"), allowed),
                null,
                outputFormat(config),
                new Sampling(
                        Fields.decimal(config, "temperature"),
                        Fields.decimal(config, "topP"),
                        Fields.integer(config, "topK"),
                        Fields.integer(config, "seed"),
                        Fields.decimal(config, "presencePenalty"),
                        Fields.decimal(config, "frequencyPenalty")),
                Fields.tokens(config, "maxOutputTokens"),
                Fields.texts(config, "stopSequences"),
                reasoning(Members.camel(config.get("thinkingConfig"))),
                asked.stream(),
                true,
                null,
                Map.of(),
                null,
                extensions(config.get("thinkingConfig")));
    }

    private static void refuseUntranslatable(Json config) {
        if (config.get("candidateCount").integer(1) > 1) throw Fields.untranslatable("generationConfig.candidateCount");
        if (config.get("responseLogprobs").isTrue()) throw Fields.untranslatable("generationConfig.responseLogprobs");
        if (config.get("speechConfig").isPresent()) throw Fields.untranslatable("generationConfig.speechConfig");
        for (Json modality : config.get("responseModalities").items()) {
            if (!modality.text("").equalsIgnoreCase("TEXT"))
                throw Fields.untranslatable("generationConfig.responseModalities");
        }
    }

    private static List<Part> system(Json instruction) {
        List<Part> parts = new ArrayList<>();
        if (instruction.isText()) add(parts, instruction.text(""));
        for (Json part : instruction.get("parts").items()) {
            if (!part.get("text").isText()) throw Fields.wrong("systemInstruction", "texts");
            add(parts, part.get("text").text(""));
        }
        return parts;
    }

    private static void add(List<Part> parts, String text) {
        if (!text.isEmpty()) parts.add(new Part.Text(text));
    }

    private static List<Tool> tools(Json body) {
        List<Tool> tools = new ArrayList<>();
        List<Json> given = Fields.list(body, "tools");
        for (int i = 0; i < given.size(); i++) {
            for (Map.Entry<String, Json> kind :
                    Members.camel(given.get(i)).fields().entrySet()) {
                String path = "tools[" + i + "]." + kind.getKey();
                // Tools that run at Google exist nowhere else.
                if (!kind.getKey().equals("functionDeclarations")) throw Fields.untranslatable(path);
                for (Json function : kind.getValue().items()) tools.add(tool(Members.camel(function), path));
            }
        }
        return tools;
    }

    private static Tool tool(Json function, String path) {
        String name = function.get("name").text("");
        if (name.isEmpty()) throw Fields.wrong(path + ".name", "the name of a function");
        Json schema = function.get("parametersJsonSchema");
        return new Tool(
                name,
                function.get("description").text(),
                schema.isPresent() ? schema : Schemas.jsonSchema(function.get("parameters")),
                null,
                null);
    }

    private static @Nullable ToolChoice toolChoice(Json mode, List<String> allowed) {
        if (!mode.isPresent()) return null;
        return switch (mode.text("").toUpperCase(Locale.ROOT)) {
            case "AUTO", "MODE_UNSPECIFIED", "VALIDATED" -> new ToolChoice.Auto();
            case "NONE" -> new ToolChoice.None();
            case "ANY" -> allowed.size() == 1 ? new ToolChoice.Named(allowed.getFirst()) : new ToolChoice.Required();
            default -> throw Fields.wrong("toolConfig.functionCallingConfig.mode", "AUTO, ANY, NONE or VALIDATED");
        };
    }

    private static @Nullable OutputFormat outputFormat(Json config) {
        Json schema = config.any("responseJsonSchema", "_responseJsonSchema");
        if (!schema.isPresent()) schema = Schemas.jsonSchema(config.get("responseSchema"));
        return switch (config.get("responseMimeType").text("")) {
            case "", "text/plain" -> null;
            case "application/json" ->
                schema.isPresent()
                        ? new OutputFormat.JsonSchema("output", null, schema, null)
                        : new OutputFormat.JsonObject();
            default -> throw Fields.untranslatable("generationConfig.responseMimeType");
        };
    }

    private static Map<String, Json> extensions(Json thinking) {
        boolean shown = Members.camel(thinking).get("includeThoughts").isTrue();
        return shown ? Map.of(Members.INCLUDE_THOUGHTS, Json.of(true)) : Map.of();
    }

    private static @Nullable Reasoning reasoning(Json thinking) {
        Boolean shown = Fields.flag(thinking, "includeThoughts");
        Json level = thinking.get("thinkingLevel");
        if (level.isPresent()) return new Reasoning(effort(level.text("")), null, shown);
        Long budget = Fields.integer(thinking, "thinkingBudget");
        if (budget != null && budget == 0) return new Reasoning(Effort.NONE, null, false);
        if (budget != null && budget > 0) return new Reasoning(null, budget, shown);
        return budget != null || shown != null && shown ? new Reasoning(null, null, shown) : null;
    }

    private static @Nullable Effort effort(String level) {
        return switch (level.toUpperCase(Locale.ROOT)) {
            case "MINIMAL" -> Effort.MINIMAL;
            case "LOW" -> Effort.LOW;
            case "MEDIUM" -> Effort.MEDIUM;
            case "HIGH" -> Effort.HIGH;
            case "THINKING_LEVEL_UNSPECIFIED" -> null;
            default ->
                throw Fields.wrong("generationConfig.thinkingConfig.thinkingLevel", "MINIMAL, LOW, MEDIUM or HIGH");
        };
    }
}
