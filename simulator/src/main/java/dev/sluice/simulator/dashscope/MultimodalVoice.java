package dev.sluice.simulator.dashscope;

import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import java.util.List;

/** {@code POST .../multimodal-generation/generation}, where the model's name tells what is made: a picture, speech, or words. */
final class MultimodalVoice implements DashScopeVoice {
    static final String HOST = "host";

    private final DashScopeVoice words = new GenerationVoice(true);
    private final DashScopeVoice pictures = new DrawVoice();
    private final DashScopeVoice speech = new SpeechVoice();

    @Override
    public List<String> cues() {
        return List.of(STREAM, ASYNC, HOST);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        String model = heard.model();
        if (model.startsWith("qwen-image") || model.startsWith("z-image")) {
            return pictures.reply(heard, wishes);
        }
        return (model.contains("-tts") ? speech : words).reply(heard, wishes);
    }

    /** Where products can be fetched that have been made for a call. */
    static String origin(Heard heard) {
        String host = heard.cue(HOST);
        return "http://" + (host.isEmpty() ? "simulator.invalid" : host) + ProductVoice.MARK;
    }
}
