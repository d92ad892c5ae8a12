package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Ranking;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;

/** {@code POST .../text-rerank/text-rerank}. */
final class RerankVoice implements DashScopeVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        Fields input = body.object("input");
        Fields parameters = body.object("parameters");
        Ranking ranking = Ranking.asked(input, parameters);
        boolean told = wishes.tellsUsage();
        JsonObject answer = new JsonObject()
                .put(
                        "output",
                        new JsonObject().put("results", ranking.results(parameters.flag("return_documents", false))));
        if (told) {
            answer.put("usage", new JsonObject().put("total_tokens", ranking.tokens()));
        }
        answer.put("request_id", Wire.requestId(heard));
        return Script.whole(answer, Usage.of(ranking.tokens(), 0), told);
    }
}
