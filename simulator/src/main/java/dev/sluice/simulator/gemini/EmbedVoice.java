package dev.sluice.simulator.gemini;

import static dev.sluice.simulator.gemini.Wire.spelled;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.Vector;
import dev.sluice.simulator.voice.Wishes;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code :embedContent}, {@code :batchEmbedContents}, and the {@code :predict} of embedding models on Vertex AI, where {@code :embedContent} has
 * its wishes in an object of their own and tells its tokens.
 */
final class EmbedVoice implements GoogleVoice {
    /** What a request for embeddings looks like. */
    enum Form {
        ONE,
        BATCH,
        INSTANCES
    }

    private static final int USUAL_DIMENSIONS = 768;
    private static final String DIMENSIONS = "outputDimensionality";
    private static final int MOST_REQUESTS = 100;
    private static final int MOST_INSTANCES = 250;

    private final Form form;

    EmbedVoice(Form form) {
        this.form = form;
    }

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        List<String> texts = new ArrayList<>();
        List<String> vectors = new ArrayList<>();
        switch (form) {
            case ONE ->
                add(content(body), isOnVertex(heard) ? body.object("embedContentConfig") : body, texts, vectors);
            case BATCH -> {
                for (Fields request : body.objects("requests")) {
                    add(content(request), request, texts, vectors);
                }
            }
            case INSTANCES -> {
                for (Fields instance : body.objects("instances")) {
                    add(instance.needed("content"), body.object("parameters"), texts, vectors);
                }
            }
        }
        String inputs = form == Form.BATCH ? "requests" : "instances";
        if (vectors.isEmpty()) {
            throw body.missing(inputs);
        }
        body.atMost(most(heard.model()), vectors.size(), inputs);
        Usage usage = Usage.of(texts.stream().mapToInt(Tokens::count).sum(), 0);
        boolean told = form == Form.INSTANCES || form == Form.ONE && isOnVertex(heard);
        return Script.whole(json(texts, vectors, told), usage, told);
    }

    private int most(String model) {
        return switch (form) {
            case ONE -> 1;
            case BATCH -> MOST_REQUESTS;
            case INSTANCES -> model.contains("gemini") ? 1 : MOST_INSTANCES;
        };
    }

    private static boolean isOnVertex(Heard heard) {
        return heard.path().contains("/publishers/google/");
    }

    private static String content(Fields request) throws Rejection {
        if (!request.has("content")) {
            throw request.missing("content");
        }
        return GeminiPrompt.text(request.object("content"));
    }

    private static void add(String text, Fields settings, List<String> texts, List<String> vectors) throws Rejection {
        int dimensions = settings.count(spelled(settings, DIMENSIONS), USUAL_DIMENSIONS);
        texts.add(text);
        vectors.add(Vector.of(text, dimensions).json());
    }

    private String json(List<String> texts, List<String> vectors, boolean told) {
        return switch (form) {
            case ONE ->
                "{\"embedding\":{\"values\":" + vectors.getFirst() + "}"
                        + (told
                                ? ",\"usageMetadata\":{\"promptTokenCount\":" + Tokens.count(texts.getFirst())
                                        + "},\"truncated\":false"
                                : "")
                        + "}";
            case BATCH -> "{\"embeddings\":[{\"values\":" + String.join("},{\"values\":", vectors) + "}]}";
            case INSTANCES -> {
                List<String> predictions = new ArrayList<>();
                for (int index = 0; index < vectors.size(); index++) {
                    predictions.add("{\"embeddings\":{\"values\":" + vectors.get(index)
                            + ",\"statistics\":{\"token_count\":" + Tokens.count(texts.get(index))
                            + ",\"truncated\":false}}}");
                }
                yield "{\"predictions\":[" + String.join(",", predictions) + "]}";
            }
        };
    }
}
