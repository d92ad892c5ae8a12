package dev.sluice.simulator.coze;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What all operations have in common: chats are kept, and what is refused comes with status 200, as the vendor sends it. */
interface CozeVoice extends RejectingVoice {
    /** Whose chats are meant. */
    String OWNER = "authorization";

    String CONVERSATION = "?conversation_id";
    String CHAT = "?chat_id";

    @Override
    default boolean isPure() {
        return false;
    }

    @Override
    default Script answer(Heard heard, Wishes wishes) {
        try {
            return reply(heard, wishes);
        } catch (Rejection rejection) {
            return Script.error(200, Wire.error(rejection.complaint()));
        }
    }

    @Override
    default Script refusal(Complaint complaint) {
        return Script.error(complaint.status(), Wire.error(complaint));
    }

    /** A chat that has begun fails; before that there is only the error. */
    @Override
    default Buffer errorEvent(Complaint complaint, int eventsBefore) {
        JsonObject error = Wire.error(complaint);
        JsonObject failed = new JsonObject().put("status", "failed").put("last_error", error);
        return Buffer.buffer(
                eventsBefore == 0 ? Wire.event("error", error) : Wire.event("conversation.chat.failed", failed));
    }

    @Override
    default Buffer event(String json, int eventsBefore) {
        return Buffer.buffer("event:error\ndata:" + json + "\n\n");
    }
}
