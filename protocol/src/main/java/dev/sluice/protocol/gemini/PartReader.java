package dev.sluice.protocol.gemini;

import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/** Reads the parts of one answer, in one piece or event by event. */
final class PartReader {
    private int calls;

    /** @param id of the answer, from which calls without an id get one */
    List<Part> read(Json parts, String id) {
        List<Part> read = new ArrayList<>();
        for (Json given : parts.items()) {
            Json part = Members.camel(given);
            Json call = part.get("functionCall");
            if (call.isObject()) read.add(call(part, call, id));
            else if (part.has("text")) text(part, read);
            else other(part, read);
        }
        return read;
    }

    private Part call(Json part, Json call, String id) {
        String own = call.get("id").text("");
        String synthetic = "call_" + (id.isEmpty() ? "" : id + "_") + calls++;
        return new Part.ToolCall(
                own.isEmpty() ? synthetic : own,
                call.get("name").text(""),
                call.get("args").isObject() ? call.get("args").toJson() : "{}",
                part.get("thoughtSignature").text(),
                null);
    }

    private static void text(Json part, List<Part> read) {
        String text = part.get("text").text("");
        if (part.get("thought").isTrue()) {
            String signature = part.get("thoughtSignature").text();
            if (!text.isEmpty() || signature != null) read.add(new Part.Thinking(text, signature));
        } else if (!text.isEmpty()) {
            read.add(new Part.Text(text));
        }
    }

    private static void other(Json part, List<Part> read) {
        Part media = Members.media(part);
        if (media != null) read.add(media);
        Json code = part.get("executableCode");
        if (code.isObject()) read.add(fenced(code.get("code").text("")));
        Json result = part.get("codeExecutionResult");
        if (result.isObject()) read.add(fenced(result.get("output").text("")));
    }

    /** What Google's own tool ran, for clients that know no such part. */
    private static Part fenced(String text) {
        return new Part.Text("\n```\n" + text + (text.endsWith("\n") ? "" : "\n") + "```\n");
    }
}
