package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Thoughts in messages of chat completions, under all the names that vendors and gateways give them: {@code reasoning_content},
 * {@code reasoning}, {@code reasoning_details} and, with the seals of Anthropic, {@code thinking_blocks}.
 */
final class Thoughts {
    private Thoughts() {}

    /** What a message or a delta tells of thoughts; the same thought under several names counts once. */
    static List<Part> of(Json message) {
        String plain = plain(message);
        List<Json> blocks = message.get("thinking_blocks").items();
        if (blocks.isEmpty()) return plain.isEmpty() ? List.of() : List.of(new Part.Thinking(plain, null));
        List<Part> parts = new ArrayList<>();
        for (Json block : blocks) {
            if (block.get("type").text("").equals("redacted_thinking")) {
                parts.add(new Part.RedactedThinking(block.get("data").text("")));
            } else {
                parts.add(block(block));
            }
        }
        return sealed(parts, plain);
    }

    /** Gathered from a stream, the text stands in one member and the seal in the other. */
    private static List<Part> sealed(List<Part> parts, String plain) {
        long texts = parts.stream()
                .filter(part -> part instanceof Part.Thinking(String text, String _) && !text.isEmpty())
                .count();
        if (texts > 0 || plain.isEmpty()) return parts;
        List<Part> filled = new ArrayList<>();
        boolean used = false;
        for (Part part : parts) {
            if (!used && part instanceof Part.Thinking thinking) {
                filled.add(new Part.Thinking(plain, thinking.signature()));
                used = true;
            } else {
                filled.add(part);
            }
        }
        if (!used) filled.addFirst(new Part.Thinking(plain, null));
        return filled;
    }

    static Part.Thinking block(Json block) {
        String signature = block.get("signature").text("");
        return new Part.Thinking(
                block.get("thinking").text(block.get("text").text("")), signature.isEmpty() ? null : signature);
    }

    /** The plain text of the thoughts. */
    static String plain(Json message) {
        String text = message.get("reasoning_content").text("");
        if (!text.isEmpty()) return text;
        text = message.get("reasoning").text("");
        if (!text.isEmpty()) return text;
        StringBuilder details = new StringBuilder();
        for (Json detail : message.get("reasoning_details").items())
            details.append(detail.get("text").text(detail.get("summary").text("")));
        return details.toString();
    }
}
