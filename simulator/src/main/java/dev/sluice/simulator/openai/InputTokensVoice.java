package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** {@code POST /v1/responses/input_tokens}, which costs nothing. It knows fewer members than a request of responses has, and refuses the others. */
final class InputTokensVoice implements JsonVoice {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "input",
            "instructions",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "reasoning",
            "text",
            "truncation",
            "conversation",
            "previous_response_id");

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Body body = Body.of(heard);
        for (String name : body.names()) {
            if (!KNOWN.contains(name))
                throw new Rejection(
                        new Complaint(400, "Unknown parameter: '" + name + "'.", null, "unknown_parameter", name));
        }
        JsonObject counted = new JsonObject()
                .put("object", "response.input_tokens")
                .put("input_tokens", ResponsesPrompt.read(body).tokens());
        return Wire.whole(heard, counted, Usage.ZERO, false);
    }
}
