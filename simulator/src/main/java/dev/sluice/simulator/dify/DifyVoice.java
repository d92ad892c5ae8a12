package dev.sluice.simulator.dify;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import io.vertx.core.buffer.Buffer;

/** What all applications have in common: how a stream is asked for, and errors. */
interface DifyVoice extends RejectingVoice {
    @Override
    default Script refusal(Complaint complaint) {
        return Script.error(complaint.status(), Wire.error(complaint));
    }

    @Override
    default Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return Buffer.buffer(Wire.event("error", Wire.error(complaint)));
    }

    /** Whether a request asks for a stream; rejects one without what every request must have. */
    static boolean isStream(Fields body) throws Rejection {
        body.needed("user");
        if (!body.has("inputs")) {
            throw body.missing("inputs");
        }
        body.object("inputs");
        String mode = body.text("response_mode", "blocking");
        return switch (mode) {
            case "streaming" -> true;
            case "blocking" -> false;
            default -> throw body.wrong("response_mode", "streaming or blocking, but it is " + mode);
        };
    }
}
