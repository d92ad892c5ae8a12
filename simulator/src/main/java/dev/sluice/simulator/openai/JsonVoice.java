package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What all operations with a JSON body have in common: the model is a field of it, and errors look the same. */
interface JsonVoice extends RejectingVoice {
    @Override
    default String model(Heard heard) {
        return heard.member("model");
    }

    @Override
    default Script refusal(Complaint complaint) {
        return Wire.refusal(complaint);
    }

    @Override
    default Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return Buffer.buffer(Wire.event(new JsonObject().put("error", Wire.error(complaint))));
    }
}
