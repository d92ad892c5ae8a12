package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What all operations with a JSON body have in common: the model is a field of it, and errors look the same. */
interface JsonVoice extends Voice {
    /** The answer to a request; a wrong request is rejected. */
    Script reply(Heard heard, Wishes wishes) throws Rejection;

    @Override
    default String model(Heard heard) {
        JsonObject json = heard.json();
        return json != null && json.getValue("model") instanceof String model ? model : "";
    }

    @Override
    default Script answer(Heard heard, Wishes wishes) {
        try {
            return reply(heard, wishes);
        } catch (Rejection rejection) {
            return refusal(rejection.complaint());
        }
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
