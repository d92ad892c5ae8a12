package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.OutputForm;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a chat completion request as a prompt, and insists on what OpenAI insists on. */
final class ChatPrompt {
    private static final Set<String> ROLES = Set.of("developer", "system", "user", "assistant", "tool", "function");

    private String lastUserText = "";
    private @Nullable String toolResult;
    private int tokens;
    private Set<String> openCalls = new LinkedHashSet<>();
    private int openedAt;

    private ChatPrompt() {}

    static Prompt read(Body body) throws Rejection {
        List<JsonObject> messages = body.objects("messages");
        if (messages.isEmpty()) {
            throw new Rejection(
                    Complaint.invalid(
                            "messages",
                            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."));
        }
        ChatPrompt reader = new ChatPrompt();
        for (int index = 0; index < messages.size(); index++) {
            reader.message(messages.get(index), index);
        }
        reader.allCallsAnswered();
        int older = body.number("max_tokens", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        int limit = body.number("max_completion_tokens", older, 1, Integer.MAX_VALUE);
        return new Prompt(
                reader.lastUserText,
                reader.toolResult,
                Tools.chat(body.objects("tools"), body.value("tool_choice")),
                body.flag("parallel_tool_calls", true),
                form(body.object("response_format")),
                limit,
                body.stops(),
                reader.tokens);
    }

    private void message(JsonObject message, int index) throws Rejection {
        String where = "messages[" + index + "]";
        if (!(message.getValue("role") instanceof String role) || !ROLES.contains(role)) {
            throw new Rejection(
                    Complaint.invalid(
                            where + ".role",
                            "Invalid value: '" + message.getValue("role")
                                    + "'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'."));
        }
        String text = text(message, role, where);
        tokens += Tokens.count(text);
        if (!role.equals("tool")) {
            allCallsAnswered();
            toolResult = null;
        }
        switch (role) {
            case "user" -> lastUserText = text;
            case "assistant" -> calls(message, where, index);
            case "tool" -> result(message, text, where);
            case "function" -> toolResult = text;
            default -> {}
        }
    }

    private void calls(JsonObject message, String where, int index) throws Rejection {
        Object calls = message.getValue("tool_calls");
        if (calls == null) {
            return;
        }
        if (!(calls instanceof JsonArray array) || array.isEmpty()) {
            throw Body.wrongType(where + ".tool_calls", "an array that is not empty");
        }
        openedAt = index;
        for (Object item : array) {
            if (!(item instanceof JsonObject call) || !(call.getValue("id") instanceof String id)) {
                throw Body.wrongType(where + ".tool_calls", "objects with an id");
            }
            JsonObject function = call.getValue("function") instanceof JsonObject object ? object : new JsonObject();
            JsonObject custom = call.getValue("custom") instanceof JsonObject object ? object : new JsonObject();
            Object input = function.getValue("arguments", custom.getValue("input"));
            if (!(input instanceof String written)) {
                throw Body.wrongType(where + ".tool_calls[0].function.arguments", "a string");
            }
            tokens += Tokens.count(written);
            openCalls.add(id);
        }
    }

    private void result(JsonObject message, String text, String where) throws Rejection {
        if (!(message.getValue("tool_call_id") instanceof String id)) {
            throw new Rejection(Complaint.invalid(
                    where + ".tool_call_id", "Missing required parameter: '" + where + ".tool_call_id'."));
        }
        if (!openCalls.remove(id)) {
            throw new Rejection(
                    Complaint.invalid(
                            where + ".role",
                            "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'."));
        }
        toolResult = toolResult == null ? text : toolResult + "\n" + text;
    }

    private void allCallsAnswered() throws Rejection {
        if (!openCalls.isEmpty()) {
            throw new Rejection(Complaint.invalid(
                    "messages[" + openedAt + "].role",
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
                            + " 'tool_call_id'. The following tool_call_ids did not have response messages: "
                            + String.join(", ", openCalls)));
        }
        openCalls = new LinkedHashSet<>();
    }

    private static String text(JsonObject message, String role, String where) throws Rejection {
        Object content = message.getValue("content");
        return switch (content) {
            case String text -> text;
            case JsonArray parts -> parts(parts, where);
            case null -> {
                if (!role.equals("assistant") && !role.equals("function")) {
                    throw new Rejection(Complaint.invalid(
                            where + ".content", "Invalid value for 'content': expected a string, got null."));
                }
                yield "";
            }
            case Object _ -> throw Body.wrongType(where + ".content", "a string or an array of objects");
        };
    }

    private static String parts(JsonArray parts, String where) throws Rejection {
        StringBuilder text = new StringBuilder();
        for (Object item : parts) {
            if (!(item instanceof JsonObject part) || !(part.getValue("type") instanceof String type)) {
                throw Body.wrongType(where + ".content", "parts with a type");
            }
            if (type.equals("text")) {
                if (!(part.getValue("text") instanceof String said)) {
                    throw Body.wrongType(where + ".content[].text", "a string");
                }
                text.append(text.isEmpty() ? "" : "\n").append(said);
            }
        }
        return text.toString();
    }

    private static OutputForm form(@Nullable JsonObject format) throws Rejection {
        if (format == null) {
            return new OutputForm.Text();
        }
        return switch (format.getValue("type")) {
            case String type when type.equals("text") -> new OutputForm.Text();
            case String type when type.equals("json_object") -> new OutputForm.AnyJson();
            case String type
            when type.equals("json_schema") -> {
                if (!(format.getValue("json_schema") instanceof JsonObject wrapper)
                        || !(wrapper.getValue("name") instanceof String)) {
                    throw new Rejection(Complaint.invalid(
                            "response_format.json_schema.name",
                            "Missing required parameter: 'response_format.json_schema.name'."));
                }
                yield new OutputForm.Schema(
                        wrapper.getValue("schema") instanceof JsonObject schema ? schema : new JsonObject());
            }
            case null, default ->
                throw new Rejection(Complaint.invalid(
                        "response_format.type",
                        "Invalid value: '" + format.getValue("type")
                                + "'. Supported values are: 'json_object', 'json_schema', and 'text'."));
        };
    }
}
