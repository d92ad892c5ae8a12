package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Tool;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the tools that may be called: those offered, less those that the tool choice rules out. */
final class Tools {
    private static final JsonObject NO_PARAMETERS = new JsonObject();

    private Tools() {}

    /** Tools of chat completions, where the description of a tool is nested under its type. */
    static List<Tool> chat(List<JsonObject> offered, @Nullable Object choice) throws Rejection {
        List<Tool> tools = new ArrayList<>();
        for (int index = 0; index < offered.size(); index++) {
            JsonObject tool = offered.get(index);
            String type = String.valueOf(tool.getValue("type"));
            JsonObject nested = tool.getValue(type) instanceof JsonObject object ? object : new JsonObject();
            if (!type.equals("function") && !type.equals("custom")) {
                throw new Rejection(Complaint.invalid(
                        "tools[" + index + "].type",
                        "Invalid value: '" + type + "'. Supported values are: 'function' and 'custom'."));
            }
            tools.add(tool(nested, type, "tools[" + index + "]." + type));
        }
        return chosen(tools, choice);
    }

    /** Tools of responses, which are flat; hosted tools are known but never called. */
    static List<Tool> responses(List<JsonObject> offered, @Nullable Object choice) throws Rejection {
        List<Tool> tools = new ArrayList<>();
        for (int index = 0; index < offered.size(); index++) {
            JsonObject tool = offered.get(index);
            if (!(tool.getValue("type") instanceof String type)) {
                throw new Rejection(Complaint.invalid(
                        "tools[" + index + "].type", "Missing required parameter: 'tools[" + index + "].type'."));
            }
            if (type.equals("function") || type.equals("custom")) {
                tools.add(tool(tool, type, "tools[" + index + "]"));
            }
        }
        return chosen(tools, choice);
    }

    private static Tool tool(JsonObject description, String type, String where) throws Rejection {
        if (!(description.getValue("name") instanceof String name) || !name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new Rejection(Complaint.invalid(
                    where + ".name",
                    "Invalid '" + where
                            + ".name': expected a string that matches the pattern '^[a-zA-Z0-9_-]{1,64}$'."));
        }
        JsonObject parameters =
                description.getValue("parameters") instanceof JsonObject object ? object : NO_PARAMETERS;
        return new Tool(name, parameters, type.equals("custom"));
    }

    private static List<Tool> chosen(List<Tool> tools, @Nullable Object choice) throws Rejection {
        return switch (choice) {
            case null -> tools;
            case String mode when mode.equals("none") -> List.of();
            case String mode when mode.equals("auto") -> tools;
            case String mode
            when mode.equals("required") -> {
                if (tools.isEmpty()) {
                    throw new Rejection(Complaint.invalid(
                            "tool_choice", "'tool_choice' is only allowed when 'tools' are specified."));
                }
                yield tools;
            }
            case JsonObject named -> named(tools, named);
            default ->
                throw new Rejection(Complaint.invalid(
                        "tool_choice",
                        "Invalid value: '" + choice + "'. Supported values are: 'none', 'auto', and 'required'."));
        };
    }

    private static List<Tool> named(List<Tool> tools, JsonObject choice) throws Rejection {
        String type = String.valueOf(choice.getValue("type"));
        if (type.equals("allowed_tools")) {
            JsonObject allowed = choice.getValue("allowed_tools") instanceof JsonObject nested ? nested : choice;
            Set<String> names = new HashSet<>();
            if (allowed.getValue("tools") instanceof JsonArray list) {
                for (Object item : list) {
                    if (item instanceof JsonObject tool) {
                        names.add(name(tool, String.valueOf(tool.getValue("type"))));
                    }
                }
            }
            return tools.stream().filter(tool -> names.contains(tool.name())).toList();
        }
        if (!type.equals("function") && !type.equals("custom")) {
            // A hosted tool is chosen, which this provider never calls.
            return List.of();
        }
        String name = name(choice, type);
        for (Tool tool : tools) {
            if (tool.name().equals(name)) {
                return List.of(tool);
            }
        }
        throw new Rejection(
                Complaint.invalid("tool_choice", "Tool choice '" + name + "' not found in 'tools' parameter."));
    }

    private static String name(JsonObject tool, String type) {
        JsonObject named = tool.getValue(type) instanceof JsonObject nested ? nested : tool;
        return String.valueOf(named.getValue("name"));
    }
}
