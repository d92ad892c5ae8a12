package dev.sluice.simulator.voice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Documents in the order in which they fit a query, the best first: documents that share words with the query fit better.
 *
 * @param tokens tokens of the query and of all documents
 */
public record Ranking(List<Place> places, int tokens) {
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
        return new Ranking(places.subList(0, Math.min(most, places.size())), tokens);
    }

    private static double score(Vector one, Vector other) {
        double product = 0;
        for (int index = 0; index < DIMENSIONS; index++) {
            product += one.values()[index] * other.values()[index];
        }
        return Math.round((1 + product) / 2 * 10_000) / 10_000.0;
    }
}
