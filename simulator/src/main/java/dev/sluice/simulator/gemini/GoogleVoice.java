package dev.sluice.simulator.gemini;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Voice;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;

/** What all operations of this format have in common: the model is in the path, and errors look the same. */
interface GoogleVoice extends Voice {
    /** The answer to a request; a wrong request is rejected. */
    Script reply(Heard heard, Wishes wishes) throws Rejection;

    @Override
    default String model(Heard heard) {
        String path = Heard.decoded(heard.path());
        int from = path.lastIndexOf("/models/");
        if (from < 0) {
            return "";
        }
        int to = path.lastIndexOf(':');
        return path.substring(from + "/models/".length(), to > from ? to : path.length());
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
        return event(Wire.error(complaint).encode(), eventsBefore);
    }

    @Override
    default Buffer event(String json, int eventsBefore) {
        return Buffer.buffer("data: " + json + "\r\n\r\n");
    }
}
