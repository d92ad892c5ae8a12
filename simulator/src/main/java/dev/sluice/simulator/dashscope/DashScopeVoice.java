package dev.sluice.simulator.dashscope;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What all operations of this format have in common: where the model stands, how a stream is asked for, and errors. */
interface DashScopeVoice extends RejectingVoice {
    String STREAM = "x-dashscope-sse";
    String ASYNC = "x-dashscope-async";

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
        return Buffer.buffer(Wire.event(
                eventsBefore + 1,
                "error",
                complaint.status(),
                Wire.error(complaint).encode()));
    }

    @Override
    default Buffer event(String json, int eventsBefore) {
        return Buffer.buffer(Wire.event(eventsBefore + 1, "error", 400, json));
    }

    @Override
    default List<String> cues() {
        return List.of(STREAM, ASYNC);
    }

    /** Whether a request asks for a stream. */
    static boolean isStream(Heard heard) {
        return heard.cue(STREAM).equals("enable");
    }
}
