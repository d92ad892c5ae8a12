package dev.sluice.simulator.voyage;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.RejectingVoice;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What both operations have in common: where the model stands, what an answer looks like, and errors. */
interface VoyageVoice extends RejectingVoice {
    int MOST_INPUTS = 1_000;

    @Override
    default String model(Heard heard) {
        return heard.member("model");
    }

    @Override
    default Script refusal(Complaint complaint) {
        return Script.error(complaint.status(), error(complaint));
    }

    @Override
    default Buffer errorEvent(Complaint complaint, int eventsBefore) {
        return error(complaint).toBuffer();
    }

    /** A list with what was used for it, which is one sum. */
    static Script list(Heard heard, JsonArray data, int tokens, Wishes wishes) {
        JsonObject answer =
                new JsonObject().put("object", "list").put("data", data).put("model", heard.model());
        Usage usage = Usage.of(Reply.usage(tokens, 0, wishes).inputTokens(), 0);
        if (wishes.tellsUsage()) {
            answer.put("usage", new JsonObject().put("total_tokens", usage.inputTokens()));
        }
        return Script.whole(answer, usage, wishes.tellsUsage());
    }

    /** There are words only: a code that is wished stands before the message. */
    private static JsonObject error(Complaint complaint) {
        String code = complaint.code() != null ? complaint.code() : complaint.type();
        String message = complaint.message() != null ? complaint.message() : message(complaint.status());
        return new JsonObject().put("detail", code == null ? message : code + ": " + message);
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "Provided API key is invalid.";
            case 403 -> "Your IP address is not allowed.";
            case 404 -> "Not Found";
            case 429 -> "You have reached your rate limit. Please try again later.";
            default ->
                status < 500 ? "The request body is not valid." : "An unexpected error occurred. Please try again.";
        };
    }
}
