package dev.sluice.simulator.cohere;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Ranking;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonObject;

/** {@code POST /v2/rerank}. */
final class RerankVoice implements CohereVoice {
    private static final int DOCUMENTS_PER_UNIT = 100;

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        Ranking ranking = Ranking.asked(body, body);
        JsonObject answer = new JsonObject()
                .put("id", heard.uuid("rerank"))
                .put("results", ranking.results(body.flag("return_documents", false)));
        if (wishes.tellsUsage()) {
            int units = Math.ceilDiv(ranking.ranked(), DOCUMENTS_PER_UNIT);
            answer.put(
                    "meta",
                    Wire.meta(new JsonObject().put("search_units", units))
                            .put("tokens", new JsonObject().put("input_tokens", ranking.tokens())));
        }
        return Script.whole(answer, Usage.of(ranking.tokens(), 0), wishes.tellsUsage());
    }
}
