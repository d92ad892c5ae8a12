package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations of the Anthropic wire format and where they are found. Only the end of a path counts. */
public final class AnthropicVoices implements WireFormat {
    private static final String ON_VERTEX = "/publishers/anthropic/models/";

    private final Voice messages = new MessagesVoice(Door.OWN);
    private final Voice count = new CountVoice();
    private final Voice vertexWhole = new MessagesVoice(Door.VERTEX);
    private final Voice vertexStream = new MessagesVoice(Door.VERTEX_STREAM);
    private final ThingsVoice files = new ThingsVoice("/v1/files", "file", "file_");
    private final ThingsVoice batches = new ThingsVoice("/v1/messages/batches", "message_batch", "msgbatch_");
    private final Voice models;

    /** @param models the ids that the list of models names */
    public AnthropicVoices(List<String> models) {
        this.models = new ModelsVoice(models);
    }

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (path.endsWith("/v1/messages")) {
            return messages;
        }
        if (path.endsWith("/v1/messages/count_tokens") || path.endsWith(ON_VERTEX + "count-tokens:rawPredict")) {
            return count;
        }
        if (path.contains(ON_VERTEX)) {
            return path.endsWith(":streamRawPredict")
                    ? vertexStream
                    : path.endsWith(":rawPredict") ? vertexWhole : null;
        }
        boolean versioned = cues.header(MessagesVoice.VERSION) != null;
        if (versioned && batches.serves(path)) {
            return batches;
        }
        if (versioned && files.serves(path)) {
            return files;
        }
        boolean asksForModels = path.endsWith("/v1/models") || path.contains("/v1/models/");
        return asksForModels && versioned ? models : null;
    }

    /** The answers that Bedrock gives to bodies of this format; the model is the one that the request was heard with. */
    public static Voice onBedrock(boolean stream) {
        return new MessagesVoice(stream ? Door.BEDROCK_STREAM : Door.BEDROCK);
    }
}
