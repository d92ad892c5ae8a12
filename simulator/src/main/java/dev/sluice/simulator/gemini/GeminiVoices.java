package dev.sluice.simulator.gemini;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the Gemini wire format and where they are found. The operation stands behind the model, so the paths of the Gemini API, of
 * Vertex AI projects and of its express mode differ only in what stands before.
 */
public final class GeminiVoices implements WireFormat {
    private final Voice whole = new GenerateVoice(GenerateVoice.Delivery.WHOLE);
    private final Voice events = new GenerateVoice(GenerateVoice.Delivery.EVENTS);
    private final Voice array = new GenerateVoice(GenerateVoice.Delivery.ARRAY);
    private final Voice count = new CountVoice();
    private final Voice embed = new EmbedVoice(EmbedVoice.Form.ONE);
    private final Voice embedBatch = new EmbedVoice(EmbedVoice.Form.BATCH);
    private final Voice predict = new EmbedVoice(EmbedVoice.Form.INSTANCES);
    private final Voice token = new TokenVoice();
    private final Voice models;

    /** @param models the ids that the list of models names */
    public GeminiVoices(List<String> models) {
        this.models = new ModelsVoice(models);
    }

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (path.endsWith("/token")) {
            return token;
        }
        if (path.endsWith("/v1beta/models")) {
            return models;
        }
        int colon = path.lastIndexOf(':');
        if (!path.contains("/models/") || path.contains("/publishers/anthropic/")) {
            return null;
        }
        return switch (path.substring(colon + 1)) {
            case "generateContent" -> whole;
            case "streamGenerateContent" -> "sse".equals(cues.parameter("alt")) ? events : array;
            case "countTokens" -> count;
            case "embedContent" -> embed;
            case "batchEmbedContents" -> embedBatch;
            case "predict" -> predict;
            default -> path.contains("/v1beta/models/") ? models : null;
        };
    }
}
