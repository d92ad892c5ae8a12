package dev.sluice.simulator.coze;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Frame;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Shelf;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * What becomes of a chat: {@code /v3/chat/retrieve}, {@code /v3/chat/message/list} and {@code POST /v3/chat/cancel}. A chat goes on until it is
 * asked after or cancelled; one that has ended cannot be cancelled. It is found by its key and its conversation only.
 */
final class KeptChatVoice implements CozeVoice {
    static final String KIND = "chat";

    private static final String STATUS = "status";
    private static final String GOES_ON = "in_progress";
    private static final String CANCELLED = "canceled";

    private final Shelf shelf;
    private final Wish wish;

    enum Wish {
        RETRIEVE,
        MESSAGES,
        CANCEL
    }

    KeptChatVoice(Shelf shelf, Wish wish) {
        this.shelf = shelf;
        this.wish = wish;
    }

    /** What is kept of a chat that has begun. */
    static JsonObject begun(JsonObject completed, List<JsonObject> messages) {
        return new JsonObject()
                .put("id", completed.getString("id"))
                .put(STATUS, GOES_ON)
                .put("completed", completed)
                .put("messages", new JsonArray(messages));
    }

    /** No such request names a bot. */
    @Override
    public String model(Heard heard) {
        return "coze-" + wish.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<String> cues() {
        return List.of(OWNER, CONVERSATION, CHAT);
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        JsonObject kept = kept(heard);
        JsonObject chat = kept.getJsonObject("completed");
        return switch (wish) {
            case RETRIEVE -> {
                if (kept.getString(STATUS).equals(CANCELLED)) {
                    yield whole(cancelled(chat));
                }
                shelf.put(heard.cue(OWNER), KIND, kept.put(STATUS, "completed"));
                yield retrieved(chat);
            }
            case MESSAGES ->
                whole(kept.getString(STATUS).equals("completed") ? kept.getJsonArray("messages") : new JsonArray());
            case CANCEL -> {
                if (kept.getString(STATUS).equals("completed")) {
                    throw new Rejection(Complaint.invalid("chat_id", "A chat that is completed cannot be canceled."));
                }
                shelf.put(heard.cue(OWNER), KIND, kept.put(STATUS, CANCELLED));
                yield whole(cancelled(chat));
            }
        };
    }

    private JsonObject kept(Heard heard) throws Rejection {
        Fields named = wish == Wish.CANCEL
                ? Fields.of(heard)
                : new Fields(
                        new JsonObject()
                                .put("chat_id", heard.cue(CHAT))
                                .put("conversation_id", heard.cue(CONVERSATION)),
                        "");
        String conversation = named.needed("conversation_id");
        JsonObject kept = shelf.find(heard.cue(OWNER), KIND, named.needed("chat_id"));
        if (kept == null
                || !kept.getJsonObject("completed").getString("conversation_id").equals(conversation)) {
            throw new Rejection(new Complaint(404, "The chat does not exist.", null, null, "chat_id"));
        }
        return kept;
    }

    private static JsonObject cancelled(JsonObject completed) {
        completed.remove("usage");
        return completed.put(STATUS, CANCELLED);
    }

    private static Script whole(Object data) {
        return Script.whole(Wire.enveloped(data), Usage.ZERO, false);
    }

    /** Tells what the chat has cost, which was charged when it began. */
    private static Script retrieved(JsonObject chat) {
        Script script = whole(chat);
        JsonObject usage = chat.getJsonObject("usage");
        if (usage == null) {
            return script;
        }
        Usage told = Usage.of(usage.getLong("input_count"), usage.getLong("output_count"));
        Frame frame = script.frames().getFirst().reporting(told);
        return new Script(script.status(), script.contentType(), script.headers(), false, List.of(frame), Usage.ZERO);
    }
}
