package dev.sluice.simulator.gemini;

import static dev.sluice.simulator.gemini.Wire.spelled;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;

/** {@code :countTokens}, which costs nothing. */
final class CountVoice implements GoogleVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        String wrapped = spelled(body, "generateContentRequest");
        int tokens = GeminiPrompt.read(body.has(wrapped) ? body.object(wrapped) : body)
                .tokens();
        return Script.whole(new JsonObject().put("totalTokens", tokens), Usage.ZERO, false);
    }
}
