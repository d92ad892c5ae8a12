package dev.sluice.protocol.gemini;

import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Reads the contents of a client's request in turn. A call without an id gets one, which its response finds by the name. */
final class ContentReader {
    private record Open(String id, String name) {}

    private final List<Open> open = new ArrayList<>();
    private int calls;

    Message read(Json content, String path) {
        Role role = switch (content.get("role").text("user")) {
            case "user", "function", "tool" -> Role.USER;
            case "model" -> Role.ASSISTANT;
            case "system" -> Role.SYSTEM;
            default -> throw Fields.wrong(path + ".role", "user or model");
        };
        List<Part> parts = new ArrayList<>();
        List<Json> given = Fields.list(content, "parts");
        for (int i = 0; i < given.size(); i++) part(Members.camel(given.get(i)), path + ".parts[" + i + "]", parts);
        return new Message(role, parts, null);
    }

    private void part(Json part, String path, List<Part> parts) {
        Part media = Members.media(part);
        if (media != null) {
            parts.add(media);
        } else if (part.get("functionCall").isObject()) {
            parts.add(call(part, part.get("functionCall")));
        } else if (part.get("functionResponse").isObject()) {
            parts.add(result(Members.camel(part.get("functionResponse"))));
        } else if (part.get("text").isText()) {
            String text = part.get("text").text("");
            if (part.get("thought").isTrue())
                parts.add(new Part.Thinking(text, part.get("thoughtSignature").text()));
            else if (!text.isEmpty()) parts.add(new Part.Text(text));
        } else {
            throw Fields.untranslatable(path);
        }
    }

    private Part call(Json part, Json call) {
        String name = call.get("name").text("");
        String id = call.get("id").text("");
        if (id.isEmpty()) id = "call_" + calls;
        calls++;
        open.add(new Open(id, name));
        return new Part.ToolCall(
                id,
                name,
                call.get("args").isObject() ? call.get("args").toJson() : "{}",
                part.get("thoughtSignature").text(),
                null);
    }

    private Part result(Json response) {
        String name = response.get("name").text("");
        String id = answered(response.get("id").text(""), name);
        Json told = response.get("response");
        Json failure = told.get("error");
        boolean failed = told.fields().size() == 1 && failure.isPresent();
        Json only = told.fields().size() == 1 ? told.any("output", "result", "error") : Json.none();
        String text = only.text(only.isPresent() ? only.toJson() : told.toJson());
        List<Part> content = new ArrayList<>();
        content.add(new Part.Text(text));
        for (Json part : response.get("parts").items()) {
            Part media = Members.media(Members.camel(part));
            if (media != null) content.add(media);
        }
        return new Part.ToolResult(id, name, content, failed, null);
    }

    private String answered(String id, String name) {
        for (Iterator<Open> calls = open.iterator(); calls.hasNext(); ) {
            Open call = calls.next();
            if (id.isEmpty() ? call.name.equals(name) : call.id.equals(id)) {
                calls.remove();
                return call.id;
            }
        }
        return id.isEmpty() ? "call_" + name : id;
    }
}
