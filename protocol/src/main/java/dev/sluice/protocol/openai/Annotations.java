package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Notes.Citation;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The pages that an answer rests on: {@code annotations} of the kind {@code url_citation}, whose members stand in an object of their own in
 * chat completions, and not in responses; and what Perplexity tells of them beside its choices.
 *
 * @see <a href="https://platform.openai.com/docs/guides/tools-web-search">OpenAI</a>
 * @see <a href="https://docs.perplexity.ai/api-reference/chat-completions-post">Perplexity</a>
 */
final class Annotations {
    private static final String CITATION = "url_citation";

    private Annotations() {}

    /** Those of a message, a delta or a part of a response. */
    static List<Citation> read(Json annotations) {
        List<Citation> citations = new ArrayList<>();
        for (Json annotation : annotations.items()) {
            if (!annotation.get("type").text("").equals(CITATION)) continue;
            Json page = annotation.get(CITATION).isObject() ? annotation.get(CITATION) : annotation;
            String url = page.get("url").text("");
            if (!url.isEmpty())
                citations.add(new Citation(
                        url,
                        page.get("title").text(""),
                        page.get("start_index").integer(0),
                        page.get("end_index").integer(0)));
        }
        return citations;
    }

    /** What Perplexity found, which stands in whole answers and is repeated in the chunks of a stream. */
    static List<Citation> found(Json answer) {
        List<Citation> citations = new ArrayList<>();
        for (Json result : answer.get("search_results").items()) {
            String url = result.get("url").text("");
            if (!url.isEmpty())
                citations.add(new Citation(url, result.get("title").text("")));
        }
        if (!citations.isEmpty()) return citations;
        for (Json url : answer.get("citations").items()) {
            if (!url.text("").isEmpty()) citations.add(new Citation(url.text(""), ""));
        }
        return citations;
    }

    /** The members of a message or a delta of chat completions. */
    static Json.Builder write(Notes notes, Json.Builder message) {
        message.putUnlessEmpty(
                "annotations",
                notes.citations().stream()
                        .map(citation -> Json.object()
                                .put("type", CITATION)
                                .put(CITATION, page(citation).build())
                                .build())
                        .toList());
        notes.members().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(member -> message.put(member.getKey(), member.getValue()));
        return message;
    }

    /** An annotation of a part of a response. */
    static Json flat(Citation citation) {
        return Json.object()
                .put("type", CITATION)
                .putAll(page(citation).build())
                .build();
    }

    private static Json.Builder page(Citation citation) {
        return Json.object()
                .put("url", citation.url())
                .put("title", citation.title())
                .put("start_index", citation.from())
                .put("end_index", citation.to());
    }
}
