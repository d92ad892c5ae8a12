package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What all operations of this format have in common: errors look the same. */
interface MessageVoice extends RejectingVoice {
    @Override
    default String model(Heard heard) {
        return Door.OWN.model(heard);
    }

    @Override
    default Script refusal(Complaint complaint) {
        return Wire.refusal(complaint);
    }

    @Override
    default Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return event(Wire.error(complaint).encode(), eventsBefore);
    }

    @Override
    default Buffer event(String json, int eventsBefore) {
        return Buffer.buffer(Wire.event("error", json));
    }

    @Override
    default List<String> cues() {
        return List.of(MessagesVoice.VERSION);
    }
}
