package dev.sluice.simulator.voyage;

import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Ranking;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code POST /v1/rerank}. The places are the data of the answer, and a document is its text. */
final class RerankVoice implements VoyageVoice {
    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        List<String> documents = body.texts("documents");
        if (documents.isEmpty()) {
            throw body.missing("documents");
        }
        body.atMost(MOST_INPUTS, documents.size(), "documents");
        body.flag("truncation", true);
        Ranking ranking = Ranking.of(body.needed("query"), documents, body.count("top_k", documents.size()));
        boolean told = body.flag("return_documents", false);
        JsonArray data = new JsonArray();
        for (Ranking.Place place : ranking.places()) {
            JsonObject one =
                    new JsonObject().put("relevance_score", place.score()).put("index", place.index());
            data.add(told ? one.put("document", place.text()) : one);
        }
        return VoyageVoice.list(heard, data, ranking.tokens(), wishes);
    }
}
