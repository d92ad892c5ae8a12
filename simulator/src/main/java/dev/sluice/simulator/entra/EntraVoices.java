package dev.sluice.simulator.entra;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The token endpoint of every tenant. */
public final class EntraVoices implements WireFormat {
    private final Voice token = new TokenVoice();

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        return path.endsWith("/oauth2/v2.0/token") ? token : null;
    }
}
