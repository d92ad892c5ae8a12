package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.OutputForm;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a responses request as a prompt, and insists on what OpenAI insists on. */
final class ResponsesPrompt {
    private String lastUserText = "";
    private @Nullable String toolResult;
    private int tokens;
    private final Set<String> calls = new HashSet<>();
    private final boolean continued;

    private ResponsesPrompt(boolean continued) {
        this.continued = continued;
    }

    static Prompt read(Body body) throws Rejection {
        // The history that a previous response stands for is not kept, so results may belong to calls in it.
        boolean continued = body.text("previous_response_id") != null || body.value("conversation") != null;
        ResponsesPrompt reader = new ResponsesPrompt(continued);
        String instructions = body.text("instructions");
        reader.tokens += instructions == null ? 0 : Tokens.count(instructions);
        reader.input(body.value("input"));
        return new Prompt(
                reader.lastUserText,
                reader.toolResult,
                Tools.responses(body.objects("tools"), body.value("tool_choice")),
                body.flag("parallel_tool_calls", true),
                form(body.object("text")),
                body.number("max_output_tokens", Integer.MAX_VALUE, 1, Integer.MAX_VALUE),
                List.of(),
                reader.tokens);
    }

    private void input(@Nullable Object input) throws Rejection {
        if (input instanceof String text) {
            user(text);
        } else if (input instanceof JsonArray items) {
            for (int index = 0; index < items.size(); index++) {
                if (!(items.getValue(index) instanceof JsonObject item)) {
                    throw Body.wrongType("input[" + index + "]", "an object");
                }
                item(item, "input[" + index + "]");
            }
        } else if (input != null) {
            throw Body.wrongType("input", "a string or an array of objects");
        } else if (!continued) {
            throw new Rejection(Complaint.invalid("input", "Missing required parameter: 'input'."));
        }
    }

    private void user(String text) {
        tokens += Tokens.count(text);
        lastUserText = text;
        toolResult = null;
    }

    private void item(JsonObject item, String where) throws Rejection {
        Object type = item.getValue("type", "message");
        switch (type) {
            case String name when name.equals("message") -> message(item, where);
            case String name
            when name.equals("function_call") || name.equals("custom_tool_call") -> {
                calls.add(callId(item, where));
                String input = item.getValue("arguments", item.getValue("input")) instanceof String text ? text : "";
                tokens += Tokens.count(input);
                toolResult = null;
            }
            case String name
            when name.equals("function_call_output") || name.equals("custom_tool_call_output") -> result(item, where);
            case String _ -> {}
            case null, default -> throw Body.wrongType(where + ".type", "a string");
        }
    }

    private void message(JsonObject item, String where) throws Rejection {
        String text = text(item.getValue("content"), where + ".content");
        switch (item.getValue("role")) {
            case String role when role.equals("user") -> user(text);
            case String role
            when Set.of("assistant", "system", "developer").contains(role) -> {
                tokens += Tokens.count(text);
                toolResult = null;
            }
            case null, default ->
                throw new Rejection(Complaint.invalid(
                        where + ".role",
                        "Invalid value: '" + item.getValue("role")
                                + "'. Supported values are: 'assistant', 'system', 'developer', and 'user'."));
        }
    }

    private void result(JsonObject item, String where) throws Rejection {
        String id = callId(item, where);
        if (!calls.contains(id) && !continued) {
            throw new Rejection(
                    Complaint.invalid("input", "No tool call found for function call output with call_id " + id + "."));
        }
        String text = text(item.getValue("output"), where + ".output");
        tokens += Tokens.count(text);
        toolResult = toolResult == null ? text : toolResult + "\n" + text;
    }

    private static String callId(JsonObject item, String where) throws Rejection {
        if (item.getValue("call_id") instanceof String id) {
            return id;
        }
        throw new Rejection(
                Complaint.invalid(where + ".call_id", "Missing required parameter: '" + where + ".call_id'."));
    }

    private static String text(@Nullable Object content, String where) throws Rejection {
        if (content instanceof String text) {
            return text;
        }
        if (!(content instanceof JsonArray parts)) {
            throw Body.wrongType(where, "a string or an array of objects");
        }
        StringBuilder text = new StringBuilder();
        for (Object item : parts) {
            if (!(item instanceof JsonObject part)) {
                throw Body.wrongType(where, "an array of objects");
            }
            if (part.getValue("text") instanceof String said) {
                text.append(text.isEmpty() ? "" : "\n").append(said);
            }
        }
        return text.toString();
    }

    private static OutputForm form(@Nullable JsonObject text) throws Rejection {
        if (text == null || !(text.getValue("format") instanceof JsonObject format)) {
            return new OutputForm.Text();
        }
        return switch (format.getValue("type")) {
            case String type when type.equals("text") -> new OutputForm.Text();
            case String type when type.equals("json_object") -> new OutputForm.AnyJson();
            case String type
            when type.equals("json_schema") -> {
                if (!(format.getValue("name") instanceof String)
                        || !(format.getValue("schema") instanceof JsonObject schema)) {
                    throw new Rejection(Complaint.invalid(
                            "text.format.name",
                            "Missing required parameter: 'text.format.name' or 'text.format.schema'."));
                }
                yield new OutputForm.Schema(schema);
            }
            case null, default ->
                throw new Rejection(Complaint.invalid(
                        "text.format.type",
                        "Invalid value: '" + format.getValue("type")
                                + "'. Supported values are: 'json_object', 'json_schema', and 'text'."));
        };
    }
}
