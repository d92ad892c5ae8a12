package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The thoughts that OpenRouter tells in {@code reasoning_details} in the form of a maker that seals them in its own way (OpenAI, xAI, Google): a
 * summary or a text, and beside it data that only the maker reads, which may name the call of a tool. The maker wants all of them back as they
 * were, so they travel through other formats as one thought that nobody but OpenRouter reads.
 *
 * @see <a href="https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks">OpenRouter</a>
 */
final class SealedDetails {
    private static final String TYPE = "reasoning.";
    /** Longer ones are not kept; the model then goes on without them. */
    private static final int MOST_CHARACTERS = 1 << 20;

    private final List<Json> details = new ArrayList<>();
    private int length;
    private boolean sealed;

    /** Takes a detail of a whole message, or a piece of one of a stream, in which those of one kind and index belong together. */
    void add(Json detail) {
        length += length(detail);
        if (length > MOST_CHARACTERS) {
            details.clear();
            sealed = false;
            return;
        }
        sealed |= detail.get("data").isText() || detail.get("signature").isText();
        Json last = details.isEmpty() ? Json.none() : details.getLast();
        if (belongs(detail, last)) details.set(details.size() - 1, joined(last, detail));
        else details.add(detail);
    }

    private static int length(Json detail) {
        int sum = 0;
        for (Json member : detail.fields().values()) sum += member.text("").length();
        return sum;
    }

    private static boolean belongs(Json detail, Json last) {
        return !detail.has("data")
                && last.get("type").equals(detail.get("type"))
                && last.get("index").equals(detail.get("index"));
    }

    private static Json joined(Json last, Json piece) {
        Json whole = last;
        for (String name : piece.fields().keySet()) {
            Json value = piece.get(name);
            boolean grows = name.equals("text") || name.equals("summary");
            if (grows) whole = whole.with(name, Json.of(last.get(name).text("") + value.text("")));
            else if (value.isPresent()) whole = whole.with(name, value);
        }
        return whole;
    }

    /** All of them as one encrypted thought, once; null as long as none is sealed. */
    @Nullable
    String take() {
        if (!sealed) return null;
        byte[] json = Json.array(details).toBytes();
        details.clear();
        sealed = false;
        return Base64.getEncoder().encodeToString(json);
    }

    /** What an encrypted thought holds; nothing if it is another vendor's. */
    static List<Json> of(String encrypted) {
        try {
            Json json = Json.parse(new String(Base64.getDecoder().decode(encrypted), UTF_8));
            if (json == null || !json.isArray()) return List.of();
            boolean ours = json.items().stream()
                    .allMatch(detail -> detail.get("type").text("").startsWith(TYPE));
            return ours ? json.items() : List.of();
        } catch (IllegalArgumentException _) {
            return List.of();
        }
    }
}
