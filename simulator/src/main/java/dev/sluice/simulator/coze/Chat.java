package dev.sluice.simulator.coze;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Seed;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * One call of a bot, as its events and its record tell it. Ids are numbers of 19 digits; that of a conversation says by itself that it was
 * given out here, so that nothing has to be kept for it.
 */
record Chat(String id, String conversation, Heard heard) {
    private static final int CHECKED = 13;
    private static final int LENGTH = 19;

    /** The chat that a request begins, in a new conversation or in the one that it names; rejects one that was never given out. */
    static Chat of(Heard heard) throws Rejection {
        String named = heard.cue(CozeVoice.CONVERSATION);
        if (named.isEmpty()) {
            return new Chat(number(heard, "chat"), sealed(number(heard, "conversation")), heard);
        }
        if (named.length() != LENGTH || !named.equals(sealed(named))) {
            throw new Rejection(new Complaint(404, "The conversation does not exist.", null, null, "conversation_id"));
        }
        return new Chat(number(heard, "chat"), named, heard);
    }

    JsonObject json(String status) {
        return new JsonObject()
                .put("id", id)
                .put("conversation_id", conversation)
                .put("bot_id", heard.model())
                .put("created_at", heard.createdAt())
                .put("last_error", new JsonObject().put("code", 0).put("msg", ""))
                .put("status", status);
    }

    /** @param type {@code answer}, or what else a bot says of how it came to it */
    JsonObject message(String type, String content) {
        return new JsonObject()
                .put("id", number(heard, type))
                .put("conversation_id", conversation)
                .put("bot_id", heard.model())
                .put("role", "assistant")
                .put("type", type)
                .put("content", content)
                .put("content_type", "text")
                .put("chat_id", id);
    }

    private static String number(Heard heard, String purpose) {
        return "7"
                + String.format(
                        "%018d",
                        Math.floorMod(Seed.mix(heard.seed() ^ purpose.hashCode()), 1_000_000_000_000_000_000L));
    }

    /** The same number with an end that follows from its beginning. */
    private static String sealed(String number) {
        String start = number.substring(0, CHECKED);
        long seal = Seed.of(start, start.getBytes(StandardCharsets.UTF_8));
        return start + String.format("%06d", Math.floorMod(seal, 1_000_000));
    }
}
