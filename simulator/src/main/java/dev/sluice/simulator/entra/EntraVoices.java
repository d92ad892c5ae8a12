package dev.sluice.simulator.entra;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The token endpoint of every tenant, and those of managed identities of machines and apps. */
public final class EntraVoices implements WireFormat {
    private final Voice token = new TokenVoice();
    private final Voice machine = new IdentityVoice("metadata", "true");
    private final Voice app = new IdentityVoice("x-identity-header", "app-header");

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        if (path.endsWith("/metadata/identity/oauth2/token")) {
            return machine;
        }
        if (path.endsWith("/msi/token")) {
            return app;
        }
        return path.endsWith("/oauth2/v2.0/token") ? token : null;
    }
}
