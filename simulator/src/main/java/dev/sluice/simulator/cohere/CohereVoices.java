package dev.sluice.simulator.cohere;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The operations of Cohere's own wire format, which its version tells apart from those of others. */
public final class CohereVoices implements WireFormat {
    private final Voice chat = new ChatVoice();
    private final Voice embed = new EmbedVoice();
    private final Voice rerank = new RerankVoice();

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (path.endsWith("/v2/chat")) {
            return chat;
        }
        if (path.endsWith("/v2/embed")) {
            return embed;
        }
        return path.endsWith("/v2/rerank") ? rerank : null;
    }
}
