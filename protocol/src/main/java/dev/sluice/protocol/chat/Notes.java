package dev.sluice.protocol.chat;

import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an answer tells beside its words.
 *
 * @param citations pages that the words rest on
 * @param members what only its vendor tells, by the vendor's own names and as it came
 */
public record Notes(List<Citation> citations, Map<String, Json> members) {
    public static final Notes NONE = new Notes(List.of(), Map.of());

    public Notes {
        citations = List.copyOf(citations);
        members = Map.copyOf(members);
    }

    /**
     * A page that words rest on.
     *
     * @param title empty if the vendor gives none
     * @param from where the words begin in the text, in characters; 0 as {@code to} is where the vendor does not say
     * @param to where they end
     */
    public record Citation(String url, String title, long from, long to) {
        public Citation(String url, String title) {
            this(url, title, 0, 0);
        }
    }

    public static Notes of(List<Citation> citations) {
        return new Notes(citations, Map.of());
    }

    public boolean isEmpty() {
        return citations.isEmpty() && members.isEmpty();
    }

    /** These and others; of members of one name the others'. */
    public Notes plus(Notes others) {
        if (isEmpty()) return others;
        if (others.isEmpty()) return this;
        List<Citation> all = new ArrayList<>(citations);
        all.addAll(others.citations);
        Map<String, Json> both = new HashMap<>(members);
        both.putAll(others.members);
        return new Notes(all, both);
    }

    /** About how many characters they have. */
    int length() {
        int sum = 0;
        for (Citation citation : citations)
            sum += citation.url().length() + citation.title().length();
        for (Json member : members.values()) sum += member.toJson().length();
        return sum;
    }
}
