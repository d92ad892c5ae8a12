package dev.sluice.simulator.openai;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;

/** The answer at a path where nothing is served. */
final class NowhereVoice implements JsonVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        throw new Rejection(new Complaint(
                404, "Invalid URL (" + heard.method() + " " + heard.path() + ")", "invalid_request_error", null, null));
    }
}
