package dev.sluice.simulator.gemini;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.buffer.Buffer;

/** What all operations of this format have in common: the model is in the path, and errors look the same. */
interface GoogleVoice extends RejectingVoice {
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
