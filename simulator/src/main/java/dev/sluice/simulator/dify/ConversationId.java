package dev.sluice.simulator.dify;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Seed;
import java.nio.charset.StandardCharsets;

/** Ids of conversations, which say by themselves that they were given out here: nothing has to be kept for it. */
final class ConversationId {
    private static final int CHECKED = 24;
    private static final int LENGTH = 36;

    private ConversationId() {}

    /** The id that a request goes on with, or a new one; rejects one that was never given out. */
    static String of(Heard heard, Fields body) throws Rejection {
        String id = body.text("conversation_id", "");
        if (id.isEmpty()) {
            return sealed(heard.uuid("conversation").substring(0, CHECKED));
        }
        if (id.length() != LENGTH || !id.equals(sealed(id.substring(0, CHECKED)))) {
            throw new Rejection(new Complaint(404, "Conversation Not Exists.", null, "not_found", null));
        }
        return id;
    }

    private static String sealed(String start) {
        long seal = Seed.of(start, start.getBytes(StandardCharsets.UTF_8));
        return start + String.format("%016x", seal).substring(0, LENGTH - CHECKED);
    }
}
