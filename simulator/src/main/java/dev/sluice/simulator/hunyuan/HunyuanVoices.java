package dev.sluice.simulator.hunyuan;

import dev.sluice.simulator.voice.Cues;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.WireFormat;
import org.jspecify.annotations.Nullable;

/** The action of Tencent Cloud that is played. A header names it; all actions have the same path. */
public final class HunyuanVoices implements WireFormat {
    private final Voice chat = new ChatVoice();

    @Override
    public @Nullable Voice at(String method, String path, Cues cues) {
        return cues.header(ChatVoice.ACTION) == null ? null : chat;
    }
}
