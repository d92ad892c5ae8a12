package dev.sluice.simulator.gemini;

import static dev.sluice.simulator.gemini.Wire.spelled;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Conversation;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.OutputForm;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Tool;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a request for content as a prompt, and insists on what Google insists on. */
final class GeminiPrompt {
    private final Conversation conversation = new Conversation();

    private GeminiPrompt() {}

    static Prompt read(Fields body) throws Rejection {
        GeminiPrompt reader = new GeminiPrompt();
        reader.conversation.heard(text(body.object(spelled(body, "systemInstruction"))));
        List<Fields> contents = body.objects("contents");
        if (contents.isEmpty()) {
            throw new Rejection(
                    Complaint.invalid("contents", "* GenerateContentRequest.contents: contents is not specified"));
        }
        for (int index = 0; index < contents.size(); index++) {
            reader.content(contents.get(index), "contents[" + index + "]");
        }
        if (contents.getLast().text("role", "user").equals("model")) {
            throw new Rejection(
                    Complaint.invalid("contents", "Please ensure that the last turn is of the user or of a function."));
        }
        Fields config = body.object(spelled(body, "generationConfig"));
        return reader.conversation.prompt(
                tools(body),
                true,
                form(config),
                config.count(spelled(config, "maxOutputTokens"), Integer.MAX_VALUE),
                config.texts(spelled(config, "stopSequences")));
    }

    private void content(Fields content, String where) throws Rejection {
        String role = content.text("role", "user");
        List<Fields> parts = content.objects("parts");
        if (parts.isEmpty()) {
            throw new Rejection(Complaint.invalid(where, "* GenerateContentRequest." + where + ".parts: is empty"));
        }
        String text = text(content);
        switch (role) {
            case "user", "function" -> {
                boolean results = false;
                for (Fields part : parts) {
                    String name = spelled(part, "functionResponse");
                    if (part.has(name)) {
                        results = true;
                        Fields response = part.object(name);
                        conversation.resultOf(
                                response.needed("name"),
                                result(response.object("response").json()),
                                where);
                    }
                }
                conversation.allAnswered(where);
                if (results) {
                    conversation.heard(text);
                } else {
                    conversation.user(text);
                }
            }
            case "model" -> {
                conversation.allAnswered(where);
                conversation.assistant(text);
                for (int index = 0; index < parts.size(); index++) {
                    String name = spelled(parts.get(index), "functionCall");
                    if (parts.get(index).has(name)) {
                        Fields call = parts.get(index).object(name);
                        conversation.call(
                                where + index,
                                call.needed("name"),
                                call.object("args").json().encode());
                    }
                }
            }
            default -> throw new Rejection(Complaint.invalid(where, "Please use a valid role: user, model."));
        }
    }

    /** What a function gave back: a text alone when it is wrapped as one. */
    private static String result(JsonObject response) {
        if (response.size() == 1) {
            Object only = response.getValue(response.fieldNames().iterator().next());
            if (only instanceof String text) {
                return text;
            }
        }
        return response.encode();
    }

    /** The text of the parts of a content, thoughts left out. */
    static String text(Fields content) throws Rejection {
        StringBuilder text = new StringBuilder();
        for (Fields part : content.objects("parts")) {
            if (part.has("text") && !part.flag("thought", false)) {
                text.append(text.isEmpty() ? "" : "\n").append(part.needed("text"));
            }
        }
        return text.toString();
    }

    private static List<Tool> tools(Fields body) throws Rejection {
        List<Tool> tools = new ArrayList<>();
        for (Fields group : body.objects("tools")) {
            for (Fields function : group.objects(spelled(group, "functionDeclarations"))) {
                tools.add(new Tool(function.needed("name"), parameters(function), false));
            }
        }
        Fields config = body.object(spelled(body, "toolConfig"));
        Fields calling = config.object(spelled(config, "functionCallingConfig"));
        String mode = calling.text("mode", "AUTO").toUpperCase(Locale.ROOT);
        List<String> allowed = calling.texts(spelled(calling, "allowedFunctionNames"));
        return switch (mode) {
            case "NONE" -> List.of();
            case "AUTO", "ANY", "VALIDATED" ->
                allowed.isEmpty()
                        ? tools
                        : tools.stream()
                                .filter(tool -> allowed.contains(tool.name()))
                                .toList();
            default -> throw calling.wrong("mode", "AUTO, ANY, VALIDATED or NONE, but it is " + mode);
        };
    }

    private static JsonObject parameters(Fields function) throws Rejection {
        String full = spelled(function, "parametersJsonSchema");
        return function.has(full)
                ? function.object(full).json()
                : lower(function.object("parameters").json());
    }

    private static OutputForm form(Fields config) throws Rejection {
        if (!config.text(spelled(config, "responseMimeType"), "text/plain").equals("application/json")) {
            return new OutputForm.Text();
        }
        String full = spelled(config, "responseJsonSchema");
        if (config.has(full)) {
            return new OutputForm.Schema(config.object(full).json());
        }
        String reduced = spelled(config, "responseSchema");
        return config.has(reduced)
                ? new OutputForm.Schema(lower(config.object(reduced).json()))
                : new OutputForm.AnyJson();
    }

    /** Google's reduced schemas may write types in capitals. */
    private static JsonObject lower(JsonObject schema) {
        JsonObject lowered = new JsonObject();
        schema.forEach(member -> lowered.put(
                member.getKey(),
                switch (member.getValue()) {
                    case String type when member.getKey().equals("type") -> type.toLowerCase(Locale.ROOT);
                    case JsonObject nested -> lower(nested);
                    case null -> null;
                    case Object other -> other;
                }));
        return lowered;
    }
}
