package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Ranking;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;

/** {@code POST /compatible-api/v1/reranks}: the same ranking in a flat form. */
final class CompatibleRerankVoice implements DashScopeVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        Ranking ranking = Ranking.asked(body, body);
        boolean told = wishes.tellsUsage();
        JsonObject answer = new JsonObject()
                .put("object", "list")
                .put("results", ranking.results(body.flag("return_documents", false)))
                .put("model", body.needed("model"))
                .put("id", Wire.requestId(heard));
        if (told) {
            answer.put("usage", new JsonObject().put("total_tokens", ranking.tokens()));
        }
        return Script.whole(answer, Usage.of(ranking.tokens(), 0), told);
    }
}
