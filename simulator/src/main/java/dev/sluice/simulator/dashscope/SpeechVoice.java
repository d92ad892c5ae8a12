package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Models that speak. A whole answer says where the sound can be fetched; a stream has the sound in pieces, and says so at the end. It costs the
 * tokens of the text and ten for each of them that is spoken.
 */
final class SpeechVoice implements DashScopeVoice {
    static final String SOUND = "simulated sound";

    private static final int SPOKEN = 10;
    private static final long EXPIRES = 1_700_086_400;

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        Fields input = body.object("input");
        String text = input.needed("text");
        input.needed("voice");
        int tokens = Tokens.count(text);
        Usage usage = Usage.of(tokens, (long) tokens * SPOKEN);
        boolean told = wishes.tellsUsage();
        JsonObject last = answer(heard, "", true);
        if (told) {
            last.put("usage", Wire.usage(usage).put("characters", text.codePointCount(0, text.length())));
        }
        if (!DashScopeVoice.isStream(heard)) {
            return Script.whole(last, usage, told);
        }
        List<Frame> frames = new ArrayList<>();
        for (String piece : SOUND.split(" ", -1)) {
            String data = Base64.getEncoder().encodeToString(piece.getBytes(StandardCharsets.UTF_8));
            frames.add(new Frame(Frame.Kind.CONTENT, event(frames.size(), answer(heard, data, false)), 1, null));
        }
        frames.add(new Frame(Frame.Kind.TERMINATOR, event(frames.size(), last), 0, told ? usage : null));
        return Script.events(frames, usage);
    }

    private static Buffer event(int before, JsonObject answer) {
        return Buffer.buffer(Wire.event(before + 1, "result", 200, answer.encode()));
    }

    private static JsonObject answer(Heard heard, String data, boolean done) {
        JsonObject audio =
                new JsonObject().put("data", data).put("expires_at", EXPIRES).put("id", "audio_" + heard.uuid("audio"));
        if (done) {
            audio.put("url", MultimodalVoice.origin(heard) + heard.uuid("audio") + ".wav");
        }
        JsonObject output = new JsonObject().put("audio", audio).put("finish_reason", done ? "stop" : "null");
        return new JsonObject().put("output", output).put("request_id", Wire.requestId(heard));
    }
}
