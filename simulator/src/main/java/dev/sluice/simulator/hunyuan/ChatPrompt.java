package dev.sluice.simulator.hunyuan;

import dev.sluice.simulator.voice.Conversation;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.OutputForm;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Tool;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads a request of chat as a prompt, and insists on what Hunyuan insists on. */
final class ChatPrompt {
    private static final int MOST_MESSAGES = 40;

    private final Conversation conversation = new Conversation();
    private String before = "";

    private ChatPrompt() {}

    static Prompt read(Fields body) throws Rejection {
        List<Fields> messages = body.objects("Messages");
        if (messages.isEmpty()) {
            throw body.missing("Messages");
        }
        if (messages.size() > MOST_MESSAGES) {
            throw body.wrong("Messages", "at most " + MOST_MESSAGES + " of them, but there are " + messages.size());
        }
        String last = messages.getLast().text("Role", "");
        if (!last.equals("user") && !last.equals("tool")) {
            throw body.wrong("Messages", "a last message of a user or a tool, but it is of " + last);
        }
        ChatPrompt reader = new ChatPrompt();
        for (int index = 0; index < messages.size(); index++) {
            reader.message(messages.get(index), index == 0);
        }
        reader.conversation.allAnswered("Messages");
        return reader.conversation.prompt(
                tools(body), true, new OutputForm.Text(), Integer.MAX_VALUE, body.texts("Stop"));
    }

    private void message(Fields message, boolean first) throws Rejection {
        String role = message.needed("Role");
        boolean begins = before.isEmpty() || before.equals("system");
        if (role.equals(before) && !role.equals("tool") || begins && !role.equals("user") && !role.equals("system")) {
            throw message.wrong(
                    "Role",
                    "user and assistant by turns, the user first, but it is " + role + " after "
                            + (before.isEmpty() ? "nothing" : before));
        }
        before = role;
        switch (role) {
            case "system" -> {
                if (!first) {
                    throw message.wrong("Role", "system in the first message only");
                }
                conversation.heard(text(message));
            }
            case "user" -> {
                conversation.allAnswered(message.where());
                conversation.user(text(message));
            }
            case "assistant" -> {
                conversation.allAnswered(message.where());
                conversation.assistant(message.text("Content", ""));
                for (Fields call : message.objects("ToolCalls")) {
                    Fields function = call.object("Function");
                    conversation.call(call.needed("Id"), function.needed("Name"), function.needed("Arguments"));
                }
            }
            case "tool" -> conversation.result(message.needed("ToolCallId"), text(message), message.where());
            default -> throw message.wrong("Role", "system, user, assistant or tool, but it is " + role);
        }
    }

    /** A text, or the texts among several contents. */
    private static String text(Fields message) throws Rejection {
        List<Fields> contents = message.objects("Contents");
        if (contents.isEmpty()) {
            String content = message.needed("Content");
            if (content.isEmpty()) {
                throw message.wrong("Content", "some text");
            }
            return content;
        }
        StringBuilder text = new StringBuilder();
        for (Fields content : contents) {
            String said = content.text("Text", "");
            text.append(text.isEmpty() || said.isEmpty() ? "" : "\n").append(said);
        }
        return text.toString();
    }

    private static List<Tool> tools(Fields body) throws Rejection {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : body.objects("Tools")) {
            tools.add(tool(tool));
        }
        String choice = body.text("ToolChoice", "auto");
        return switch (choice) {
            case "auto" -> tools;
            case "none" -> List.of();
            case "custom" -> List.of(tool(body.object("CustomTool")));
            default -> throw body.wrong("ToolChoice", "none, auto or custom, but it is " + choice);
        };
    }

    /** The schema of a tool is JSON in a string. */
    private static Tool tool(Fields tool) throws Rejection {
        Fields function = tool.object("Function");
        String name = function.needed("Name");
        try {
            return new Tool(name, new JsonObject(function.needed("Parameters")), false);
        } catch (DecodeException _) {
            throw function.wrong("Parameters", "a JSON object in a string");
        }
    }
}
