package dev.sluice.simulator.voyage;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The operations of Voyage AI below a base path of its name. */
public final class VoyageVoices implements WireFormat {
    private static final String BASE = "/voyage/";

    private final Voice embed = new EmbedVoice();
    private final Voice rerank = new RerankVoice();

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (!path.contains(BASE)) {
            return null;
        }
        if (path.endsWith("/embeddings")) {
            return embed;
        }
        return path.endsWith("/rerank") ? rerank : null;
    }
}
