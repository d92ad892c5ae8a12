package dev.sluice.simulator.cohere;

import dev.sluice.simulator.voice.Conversation;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.OutputForm;
import dev.sluice.simulator.voice.Prompt;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Tool;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;

/** Reads a request of chat as a prompt, and insists on what Cohere insists on. */
final class ChatPrompt {
    private static final int MOST_STOPS = 5;

    private final Conversation conversation = new Conversation();

    private ChatPrompt() {}

    static Prompt read(Fields body) throws Rejection {
        ChatPrompt reader = new ChatPrompt();
        List<Fields> messages = body.objects("messages");
        if (messages.isEmpty()) {
            throw body.missing("messages");
        }
        for (Fields message : messages) {
            reader.message(message);
        }
        reader.conversation.allAnswered("messages");
        List<String> stops = body.texts("stop_sequences");
        if (stops.size() > MOST_STOPS) {
            throw body.wrong("stop_sequences", "at most " + MOST_STOPS + " sequences");
        }
        return reader.conversation.prompt(
                tools(body),
                true,
                form(body.object("response_format")),
                body.count("max_tokens", Integer.MAX_VALUE),
                stops);
    }

    private void message(Fields message) throws Rejection {
        String role = message.needed("role");
        switch (role) {
            case "system", "developer" -> conversation.heard(text(message));
            case "user" -> {
                conversation.allAnswered(message.where());
                conversation.user(text(message));
            }
            case "assistant" -> {
                conversation.allAnswered(message.where());
                assistant(message);
            }
            case "tool" -> conversation.result(message.needed("tool_call_id"), text(message), message.where());
            default -> throw message.wrong("role", "system, user, assistant or tool, but it is " + role);
        }
    }

    private void assistant(Fields message) throws Rejection {
        List<Fields> calls = message.objects("tool_calls");
        if (!message.has("content") && calls.isEmpty()) {
            throw message.missing("content");
        }
        conversation.assistant(message.text("tool_plan", "") + text(message));
        for (Fields call : calls) {
            Fields function = call.object("function");
            conversation.call(call.needed("id"), function.needed("name"), function.needed("arguments"));
        }
    }

    /** The content is a text, or blocks: texts, thoughts, images, and documents in the result of a tool. */
    private static String text(Fields message) throws Rejection {
        return switch (message.value("content")) {
            case null -> "";
            case String text -> text;
            case JsonArray _ -> {
                StringBuilder text = new StringBuilder();
                for (Fields block : message.objects("content")) {
                    String said = said(block);
                    text.append(text.isEmpty() || said.isEmpty() ? "" : "\n").append(said);
                }
                yield text.toString();
            }
            case Object _ -> throw message.wrong("content", "a string or an array of blocks");
        };
    }

    private static String said(Fields block) throws Rejection {
        String type = block.needed("type");
        return switch (type) {
            case "text" -> block.needed("text");
            case "thinking" -> block.needed("thinking");
            case "image_url" -> {
                block.object("image_url").needed("url");
                yield "";
            }
            case "document" ->
                block.object("document").value("data") instanceof String data
                        ? data
                        : block.object("document").object("data").json().encode();
            default -> throw block.wrong("type", "text, thinking, image_url or document, but it is " + type);
        };
    }

    private static List<Tool> tools(Fields body) throws Rejection {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : body.objects("tools")) {
            Fields function = tool.object("function");
            tools.add(new Tool(
                    function.needed("name"), function.object("parameters").json(), false));
        }
        String choice = body.text("tool_choice");
        return switch (choice) {
            case null -> tools;
            case "REQUIRED" -> {
                if (tools.isEmpty()) {
                    throw body.wrong("tool_choice", "tools beside it");
                }
                yield tools;
            }
            case "NONE" -> List.of();
            default -> throw body.wrong("tool_choice", "REQUIRED or NONE, but it is " + choice);
        };
    }

    private static OutputForm form(Fields format) throws Rejection {
        String type = format.text("type", "text");
        return switch (type) {
            case "text" -> new OutputForm.Text();
            case "json_object" ->
                format.has("json_schema")
                        ? new OutputForm.Schema(format.object("json_schema").json())
                        : new OutputForm.AnyJson();
            default -> throw format.wrong("type", "text or json_object, but it is " + type);
        };
    }
}
