package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Conversation;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.OutputForm;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Tool;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a messages request as a prompt, and insists on what Anthropic insists on. */
final class MessagesPrompt {
    private final Conversation conversation = new Conversation();

    private MessagesPrompt() {}

    /** @param limited whether the request must set a limit of tokens */
    static Prompt read(Fields body, boolean limited) throws Rejection {
        MessagesPrompt reader = new MessagesPrompt();
        reader.conversation.heard(text(body, "system"));
        List<Fields> messages = body.objects("messages");
        if (messages.isEmpty()) {
            throw new Rejection(Complaint.invalid("messages", "messages: at least one message is required"));
        }
        for (int index = 0; index < messages.size(); index++) {
            reader.message(messages.get(index), index);
        }
        if (limited && !body.has("max_tokens")) {
            throw body.missing("max_tokens");
        }
        Fields choice = body.object("tool_choice");
        return reader.conversation.prompt(
                tools(body, choice),
                !choice.flag("disable_parallel_tool_use", false),
                form(body.object("output_config").object("format")),
                body.count("max_tokens", Integer.MAX_VALUE),
                body.texts("stop_sequences"));
    }

    private void message(Fields message, int index) throws Rejection {
        String role = message.needed("role");
        switch (role) {
            case "user" -> user(message, index);
            case "assistant" -> {
                conversation.allAnswered("messages." + index);
                conversation.assistant(text(message, "content"));
                for (Fields block : blocks(message)) {
                    if (block.text("type", "").equals("tool_use")) {
                        conversation.call(
                                block.needed("id"),
                                block.needed("name"),
                                block.object("input").json().encode());
                    }
                }
            }
            default -> throw message.wrong("role", "'user' or 'assistant', but it is '" + role + "'");
        }
    }

    /** Text beside the results of tools is taken for a remark: the results are what is answered. */
    private void user(Fields message, int index) throws Rejection {
        boolean results = false;
        for (Fields block : blocks(message)) {
            if (block.text("type", "").equals("tool_result")) {
                results = true;
                conversation.result(
                        block.needed("tool_use_id"), text(block, "content"), "messages." + index + ".content");
            }
        }
        conversation.allAnswered("messages." + index);
        String text = text(message, "content");
        if (!results) {
            conversation.user(text);
        } else {
            conversation.heard(text);
        }
    }

    private static List<Fields> blocks(Fields message) throws Rejection {
        return switch (message.value("content")) {
            case String _ -> List.of();
            case JsonArray _ -> message.objects("content");
            case null -> throw message.missing("content");
            case Object _ -> throw message.wrong("content", "a string or an array of blocks");
        };
    }

    /** The text of a member that is a string or an array of blocks. */
    private static String text(Fields holder, String name) throws Rejection {
        if (holder.value(name) instanceof String text) {
            return text;
        }
        StringBuilder text = new StringBuilder();
        for (Fields block : holder.objects(name)) {
            String type = block.needed("type");
            if (type.equals("text")) {
                text.append(text.isEmpty() ? "" : "\n").append(block.needed("text"));
            }
        }
        return text.toString();
    }

    private static List<Tool> tools(Fields body, Fields choice) throws Rejection {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : body.objects("tools")) {
            String type = tool.text("type", "custom");
            String name = tool.needed("name");
            // Tools of the vendor's own are known, but never called.
            if (type.equals("custom")) {
                if (!(tool.value("input_schema") instanceof JsonObject schema)) {
                    throw tool.missing("input_schema");
                }
                tools.add(new Tool(name, schema, false));
            }
        }
        String mode = choice.text("type", "auto");
        return switch (mode) {
            case "auto", "any" -> tools;
            case "none" -> List.of();
            case "tool" -> named(tools, choice.needed("name"));
            default -> throw choice.wrong("type", "auto, any, tool or none, but it is " + mode);
        };
    }

    private static List<Tool> named(List<Tool> tools, String name) throws Rejection {
        List<Tool> chosen =
                tools.stream().filter(tool -> tool.name().equals(name)).toList();
        if (chosen.isEmpty()) {
            throw new Rejection(Complaint.invalid(
                    "tool_choice.name", "tool_choice: Tool '" + name + "' not found in provided tools"));
        }
        return chosen;
    }

    private static OutputForm form(Fields format) throws Rejection {
        @Nullable Object schema = format.value("schema");
        return format.text("type", "").equals("json_schema") && schema instanceof JsonObject object
                ? new OutputForm.Schema(object)
                : new OutputForm.Text();
    }
}
