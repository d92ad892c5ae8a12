package dev.sluice.simulator.bedrock;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Conversation;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.OutputForm;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Tool;
import java.util.ArrayList;
import java.util.List;

/** Reads a converse request as a prompt, and insists on what Bedrock insists on. */
final class ConversePrompt {
    private final Conversation conversation = new Conversation();
    private String lastRole = "assistant";
    private boolean usesTools;

    private ConversePrompt() {}

    static Prompt read(Fields body) throws Rejection {
        ConversePrompt reader = new ConversePrompt();
        reader.conversation.heard(text(body, "system"));
        List<Fields> messages = body.objects("messages");
        if (messages.isEmpty()) {
            throw body.missing("messages");
        }
        for (Fields message : messages) {
            reader.message(message);
        }
        if (reader.lastRole.equals("assistant")) {
            throw rejected(
                    "messages",
                    "The model does not support assistant message prefill. The conversation must end with a user message.");
        }
        if (reader.usesTools && !body.has("toolConfig")) {
            throw rejected(
                    "toolConfig",
                    "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
        }
        Fields limits = body.object("inferenceConfig");
        Fields extra = body.object("additionalModelRequestFields");
        return reader.conversation.prompt(
                tools(body.object("toolConfig")),
                !extra.object("tool_choice").flag("disable_parallel_tool_use", false),
                form(extra),
                limits.count("maxTokens", Integer.MAX_VALUE),
                limits.texts("stopSequences"));
    }

    private void message(Fields message) throws Rejection {
        String role = message.needed("role");
        if (!role.equals("user") && !role.equals("assistant")) {
            throw message.wrong("role", "user or assistant, but it is " + role);
        }
        if (role.equals(lastRole)) {
            throw rejected(
                    message.where(),
                    "A conversation must alternate between user and assistant roles, and start with a user message.");
        }
        lastRole = role;
        List<Fields> blocks = message.objects("content");
        if (blocks.isEmpty()) {
            throw rejected(
                    message.where(), "The content field in the Message object at " + message.where() + " is empty.");
        }
        String text = text(message, "content");
        if (role.equals("assistant")) {
            conversation.assistant(text);
            for (Fields block : blocks) {
                if (block.has("toolUse")) {
                    Fields use = block.object("toolUse");
                    usesTools = true;
                    conversation.call(
                            use.needed("toolUseId"),
                            use.needed("name"),
                            use.object("input").json().encode());
                }
            }
            return;
        }
        boolean results = false;
        for (Fields block : blocks) {
            if (block.has("toolResult")) {
                Fields result = block.object("toolResult");
                results = true;
                usesTools = true;
                conversation.result(result.needed("toolUseId"), result(result), result.where());
            }
        }
        conversation.allAnswered(message.where());
        if (results) {
            conversation.heard(text);
        } else {
            conversation.user(text);
        }
    }

    private static String result(Fields result) throws Rejection {
        StringBuilder text = new StringBuilder(text(result, "content"));
        for (Fields block : result.objects("content")) {
            if (block.has("json")) {
                text.append(text.isEmpty() ? "" : "\n")
                        .append(block.object("json").json().encode());
            }
        }
        return text.toString();
    }

    private static String text(Fields holder, String name) throws Rejection {
        StringBuilder text = new StringBuilder();
        for (Fields block : holder.objects(name)) {
            if (block.has("text")) {
                String said = block.needed("text");
                if (said.isEmpty()) {
                    throw rejected(
                            block.where(),
                            "The text field in the ContentBlock object at " + block.where() + " is blank.");
                }
                text.append(text.isEmpty() ? "" : "\n").append(said);
            }
        }
        return text.toString();
    }

    private static List<Tool> tools(Fields config) throws Rejection {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : config.objects("tools")) {
            if (tool.has("toolSpec")) {
                Fields spec = tool.object("toolSpec");
                tools.add(new Tool(
                        spec.needed("name"),
                        spec.object("inputSchema").object("json").json(),
                        false));
            }
        }
        if (config.has("tools") && tools.isEmpty()) {
            throw rejected("toolConfig.tools", "1 validation error detected: toolConfig.tools must not be empty.");
        }
        Fields choice = config.object("toolChoice");
        if (!choice.has("tool")) {
            return tools;
        }
        String name = choice.object("tool").needed("name");
        return tools.stream().filter(tool -> tool.name().equals(name)).toList();
    }

    private static OutputForm form(Fields extra) throws Rejection {
        Fields format = extra.object("output_config").object("format");
        return format.has("schema")
                ? new OutputForm.Schema(format.object("schema").json())
                : new OutputForm.Text();
    }

    private static Rejection rejected(String where, String message) {
        return new Rejection(Complaint.invalid(where, message));
    }
}
