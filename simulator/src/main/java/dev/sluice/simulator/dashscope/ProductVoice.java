package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;

/**
 * {@code GET} of what a model has made: always the same picture of one dot, the same transcript, and something that only its type calls a
 * video or a sound.
 */
final class ProductVoice implements DashScopeVoice {
    static final String MARK = "/dashscope-product/";

    private static final Buffer DOT = Buffer.buffer(
            Base64.getDecoder()
                    .decode(
                            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));

    @Override
    public String model(Heard heard) {
        return "";
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) {
        String path = heard.path();
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "mp4" -> product("video/mp4", Buffer.buffer("simulated video"));
            case "wav" -> product("audio/wav", Buffer.buffer(SpeechVoice.SOUND));
            case "json" ->
                product("application/json", Buffer.buffer("{\"transcripts\":[{\"channel_id\":0,\"text\":\"hello\"}]}"));
            default -> product("image/png", DOT);
        };
    }

    private static Script product(String type, Buffer bytes) {
        Frame frame = new Frame(Frame.Kind.CONTENT, bytes, 0, null);
        return new Script(200, type, List.of(), false, List.of(frame), Usage.ZERO);
    }
}
