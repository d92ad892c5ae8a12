package dev.sluice.simulator.cohere;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.buffer.Buffer;

/** What all operations of this format have in common: the model is a field of the body, and errors look the same. */
interface CohereVoice extends RejectingVoice {
    @Override
    default String model(Heard heard) {
        return heard.member("model");
    }

    @Override
    default Script refusal(Complaint complaint) {
        return Script.error(complaint.status(), Wire.error(complaint));
    }

    @Override
    default Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return Buffer.buffer(Wire.failure(complaint));
    }
}
