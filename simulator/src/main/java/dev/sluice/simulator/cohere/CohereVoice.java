package dev.sluice.simulator.cohere;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;

/** What all operations of this format have in common: the model is a field of the body, and errors look the same. */
interface CohereVoice extends Voice {
    /** The answer to a request; a wrong request is rejected. */
    Script reply(Heard heard, Wishes wishes) throws Rejection;

    @Override
    default String model(Heard heard) {
        return heard.json() != null && heard.json().getValue("model") instanceof String model ? model : "";
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
        return Script.error(complaint.status(), Wire.error(complaint));
    }

    @Override
    default Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return Buffer.buffer(Wire.failure(complaint));
    }
}
