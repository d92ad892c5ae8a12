package dev.sluice.simulator.dashscope;

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

/** Reads a request for a generation as a prompt, and insists on what DashScope insists on. */
final class GenerationPrompt {
    private final Conversation conversation = new Conversation();

    private GenerationPrompt() {}

    static Prompt read(Fields body) throws Rejection {
        GenerationPrompt reader = new GenerationPrompt();
        Fields input = body.object("input");
        if (input.has("messages")) {
            for (Fields message : input.objects("messages")) {
                reader.message(message);
            }
            reader.conversation.allAnswered("input.messages");
        } else {
            reader.conversation.user(input.needed("prompt"));
        }
        Fields parameters = body.object("parameters");
        return reader.conversation.prompt(
                tools(parameters),
                parameters.flag("parallel_tool_calls", false),
                form(parameters.object("response_format")),
                parameters.count("max_tokens", Integer.MAX_VALUE),
                parameters.texts("stop"));
    }

    private void message(Fields message) throws Rejection {
        String role = message.needed("role");
        String text = text(message);
        switch (role) {
            case "system" -> conversation.heard(text);
            case "user" -> {
                conversation.allAnswered(message.where());
                conversation.user(text);
            }
            case "assistant" -> {
                conversation.allAnswered(message.where());
                conversation.assistant(text);
                for (Fields call : message.objects("tool_calls")) {
                    Fields function = call.object("function");
                    conversation.call(call.needed("id"), function.needed("name"), function.needed("arguments"));
                }
            }
            case "tool" -> conversation.result(message.needed("tool_call_id"), text, message.where());
            default -> throw message.wrong("role", "system, user, assistant or tool, but it is " + role);
        }
    }

    /** The content is a text, or parts without a type. */
    private static String text(Fields message) throws Rejection {
        return switch (message.value("content")) {
            case null -> "";
            case String text -> text;
            case JsonArray _ -> {
                StringBuilder text = new StringBuilder();
                for (Fields part : message.objects("content")) {
                    String said = part.text("text", "");
                    text.append(text.isEmpty() || said.isEmpty() ? "" : "\n").append(said);
                }
                yield text.toString();
            }
            case Object _ -> throw message.wrong("content", "a string or an array of parts");
        };
    }

    private static List<Tool> tools(Fields parameters) throws Rejection {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : parameters.objects("tools")) {
            Fields function = tool.object("function");
            tools.add(new Tool(
                    function.needed("name"), function.object("parameters").json(), false));
        }
        if (!tools.isEmpty() && parameters.text("result_format", "message").equals("text")) {
            throw parameters.wrong("result_format", "message, because there are tools");
        }
        return switch (parameters.value("tool_choice")) {
            case String mode when mode.equals("none") -> List.of();
            case JsonObject named -> {
                String name = named.getJsonObject("function", new JsonObject()).getString("name", "");
                yield tools.stream().filter(tool -> tool.name().equals(name)).toList();
            }
            case null, default -> tools;
        };
    }

    private static OutputForm form(Fields format) throws Rejection {
        return switch (format.text("type", "text")) {
            case "json_object" -> new OutputForm.AnyJson();
            case "json_schema" ->
                new OutputForm.Schema(
                        format.object("json_schema").object("schema").json());
            default -> new OutputForm.Text();
        };
    }
}
