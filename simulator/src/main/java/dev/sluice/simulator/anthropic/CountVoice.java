package dev.sluice.simulator.anthropic;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;

/** {@code POST /v1/messages/count_tokens}, which costs nothing. */
final class CountVoice implements MessageVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        int tokens = MessagesPrompt.read(body, false).tokens();
        return Script.whole(new JsonObject().put("input_tokens", tokens), Usage.ZERO, false, Wire.requestId(heard));
    }
}
