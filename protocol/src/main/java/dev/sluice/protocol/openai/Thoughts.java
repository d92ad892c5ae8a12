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
    /** What OpenRouter calls the thoughts of a message. */
    static final String DETAILS = "reasoning_details";
    /** The form of Claude's thoughts in details, which is meant where none is named. */
    private static final String CLAUDE = "anthropic-claude-v1";

    private static final String TEXT = "reasoning.text";
    private static final String ENCRYPTED = "reasoning.encrypted";

    private Thoughts() {}

    /** What a message or a delta tells of thoughts; the same thought under several names counts once. */
    static List<Part> of(Json message) {
        String plain = plain(message);
        List<Part> parts = new ArrayList<>();
        for (Json block : message.get("thinking_blocks").items()) {
            if (block.get("type").text("").equals("redacted_thinking"))
                parts.add(new Part.RedactedThinking(block.get("data").text("")));
            else parts.add(block(block));
        }
        if (parts.isEmpty()) parts.addAll(details(message.get(DETAILS)));
        if (parts.isEmpty()) return plain.isEmpty() ? List.of() : List.of(new Part.Thinking(plain, null));
        return sealed(parts, plain);
    }

    /** As {@link #of}, of a whole message, with what only OpenRouter reads. */
    static List<Part> ofWhole(Json message) {
        List<Part> parts = new ArrayList<>(of(message));
        SealedDetails sealed = new SealedDetails();
        gather(message, sealed);
        String kept = sealed.take();
        if (kept != null) parts.add(new Part.RedactedThinking(kept));
        return parts;
    }

    /** Gathers the thoughts of other makers than Claude's from a message or a delta. */
    static void gather(Json message, SealedDetails sealed) {
        for (Json detail : message.get(DETAILS).items()) {
            if (!detail.get("format").text(CLAUDE).equals(CLAUDE)) sealed.add(detail);
        }
    }

    /** Claude's thoughts as OpenRouter tells them, if one of them has a seal or is encrypted; otherwise none, for the plain text says it all. */
    private static List<Part> details(Json details) {
        List<Part> told = new ArrayList<>();
        for (Json detail : details.items()) {
            if (!detail.get("format").text(CLAUDE).equals(CLAUDE)) continue;
            switch (detail.get("type").text("")) {
                case TEXT -> told.add(block(detail));
                case ENCRYPTED ->
                    told.add(new Part.RedactedThinking(detail.get("data").text("")));
                default -> {}
            }
        }
        boolean plain = told.stream().allMatch(part -> part instanceof Part.Thinking(var _, var seal) && seal == null);
        return plain ? List.of() : told;
    }

    /** Sealed thoughts for OpenRouter; those of Claude without a seal are not taken back. */
    static List<Json> details(List<Part> thoughts) {
        List<Json> details = new ArrayList<>();
        for (Part thought : thoughts) {
            Json.Builder detail = Json.object();
            if (thought instanceof Part.Thinking(String text, String seal) && seal != null)
                detail.put("type", TEXT).put("text", text).put("signature", seal);
            else if (thought instanceof Part.RedactedThinking(String encrypted)) {
                List<Json> own = SealedDetails.of(encrypted);
                details.addAll(own);
                if (!own.isEmpty()) continue;
                detail.put("type", ENCRYPTED).put("data", encrypted);
            } else continue;
            details.add(
                    detail.put("format", CLAUDE).put("index", details.size()).build());
        }
        return details;
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
        for (Json detail : message.get(DETAILS).items())
            details.append(detail.get("text").text(detail.get("summary").text("")));
        return details.toString();
    }
}
