package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.List;

/** {@code GET} of what a task has made: always the same picture of one dot, and something that only its type calls a video. */
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
        boolean video = heard.path().endsWith(".mp4");
        Frame frame = new Frame(Frame.Kind.CONTENT, video ? Buffer.buffer("simulated video") : DOT, 0, null);
        return new Script(200, video ? "video/mp4" : "image/png", List.of(), false, List.of(frame), Usage.ZERO);
    }
}
