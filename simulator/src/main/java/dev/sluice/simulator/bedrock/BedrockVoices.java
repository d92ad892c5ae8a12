package dev.sluice.simulator.bedrock;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The operations of the Bedrock runtime; the model stands in the path, percent-encoded when it is an ARN. */
public final class BedrockVoices implements WireFormat {
    static final String MARK = "/model/";

    private final Voice converse = new ConverseVoice(false);
    private final Voice converseStream = new ConverseVoice(true);
    private final Voice invoke = new InvokeVoice(false);
    private final Voice invokeStream = new InvokeVoice(true);
    private final Voice count = new CountVoice();

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (!path.contains(MARK)) {
            return null;
        }
        return switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "converse" -> converse;
            case "converse-stream" -> converseStream;
            case "invoke" -> invoke;
            case "invoke-with-response-stream" -> invokeStream;
            case "count-tokens" -> count;
            default -> null;
        };
    }
}
