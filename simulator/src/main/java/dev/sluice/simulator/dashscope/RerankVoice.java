package dev.sluice.simulator.dashscope;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Ranking;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code POST .../text-rerank/text-rerank}. */
final class RerankVoice implements DashScopeVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        Fields input = body.object("input");
        Fields parameters = body.object("parameters");
        Ranking ranking = ranking(input, parameters);
        boolean told = wishes.tellsUsage();
        JsonObject answer = new JsonObject()
                .put(
                        "output",
                        new JsonObject().put("results", results(ranking, parameters.flag("return_documents", false))));
        if (told) {
            answer.put("usage", new JsonObject().put("total_tokens", ranking.tokens()));
        }
        answer.put("request_id", Wire.requestId(heard));
        return Script.whole(answer, Usage.of(ranking.tokens(), 0), told);
    }

    static Ranking ranking(Fields input, Fields limits) throws Rejection {
        List<String> documents = input.texts("documents");
        if (documents.isEmpty()) {
            throw input.missing("documents");
        }
        return Ranking.of(input.needed("query"), documents, limits.count("top_n", documents.size()));
    }

    static JsonArray results(Ranking ranking, boolean withDocuments) {
        JsonArray results = new JsonArray();
        for (Ranking.Place place : ranking.places()) {
            JsonObject result = new JsonObject().put("index", place.index()).put("relevance_score", place.score());
            results.add(withDocuments ? result.put("document", new JsonObject().put("text", place.text())) : result);
        }
        return results;
    }
}
