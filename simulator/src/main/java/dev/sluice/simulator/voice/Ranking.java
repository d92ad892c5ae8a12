package dev.sluice.simulator.voice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Documents in the order in which they fit a query, the best first: documents that share words with the query fit better.
 *
 * @param ranked how many documents were compared, those that are not told included
 * @param tokens tokens of the query and of all documents
 */
public record Ranking(List<Place> places, int ranked, int tokens) {
    private static final int DIMENSIONS = 128;

    /**
     * A document.
     *
     * @param index where it stands in the request
     * @param score from 0 to 1
     */
    public record Place(int index, double score, String text) {}

    public Ranking {
        places = List.copyOf(places);
    }

    /**
     * The ranking that a request asks for: {@code query}, {@code documents} as texts or as objects with a {@code text}, {@code top_n}.
     *
     * @param limits where {@code top_n} stands
     */
    public static Ranking asked(Fields input, Fields limits) throws Rejection {
        String query = input.needed("query");
        List<String> documents = documents(input);
        return of(query, documents, limits.count("top_n", documents.size()));
    }

    private static List<String> documents(Fields input) throws Rejection {
        if (!(input.value("documents") instanceof JsonArray array) || array.isEmpty()) {
            throw input.missing("documents");
        }
        List<String> documents = new ArrayList<>();
        for (Object document : array) {
            if (document instanceof String text) {
                documents.add(text);
            } else if (document instanceof JsonObject object && object.getValue("text") instanceof String text) {
                documents.add(text);
            } else {
                throw input.wrong("documents." + documents.size(), "a string or an object with a text");
            }
        }
        return documents;
    }

    /** The first of the documents, at most so many. */
    public static Ranking of(String query, List<String> documents, int most) {
        Vector wanted = Vector.of(query, DIMENSIONS);
        int tokens = Tokens.count(query);
        List<Place> places = new ArrayList<>();
        for (int index = 0; index < documents.size(); index++) {
            String text = documents.get(index);
            tokens += Tokens.count(text);
            places.add(new Place(index, score(wanted, Vector.of(text, DIMENSIONS)), text));
        }
        places.sort(Comparator.comparingDouble((Place place) -> -place.score()).thenComparingInt(Place::index));
        return new Ranking(places.subList(0, Math.min(most, places.size())), places.size(), tokens);
    }

    private static double score(Vector one, Vector other) {
        double product = 0;
        for (int index = 0; index < DIMENSIONS; index++) {
            product += one.values()[index] * other.values()[index];
        }
        return Math.round((1 + product) / 2 * 10_000) / 10_000.0;
    }

    /** The places as all formats tell them. */
    public JsonArray results(boolean withDocuments) {
        JsonArray results = new JsonArray();
        for (Place place : places) {
            JsonObject result = new JsonObject().put("index", place.index()).put("relevance_score", place.score());
            results.add(withDocuments ? result.put("document", new JsonObject().put("text", place.text())) : result);
        }
        return results;
    }
}
