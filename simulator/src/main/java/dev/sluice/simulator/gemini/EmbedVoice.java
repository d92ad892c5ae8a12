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

/** {@code :embedContent}, {@code :batchEmbedContents}, and the {@code :predict} of embedding models on Vertex AI. */
final class EmbedVoice implements GoogleVoice {
    /** What a request for embeddings looks like. */
    enum Form {
        ONE,
        BATCH,
        INSTANCES
    }

    private static final int USUAL_DIMENSIONS = 768;
    private static final String DIMENSIONS = "outputDimensionality";

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
            case ONE -> add(content(body), body, texts, vectors);
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
        if (vectors.isEmpty()) {
            throw body.missing(form == Form.BATCH ? "requests" : "instances");
        }
        Usage usage = Usage.of(texts.stream().mapToInt(Tokens::count).sum(), 0);
        return Script.whole(json(texts, vectors), usage, form == Form.INSTANCES);
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

    private String json(List<String> texts, List<String> vectors) {
        return switch (form) {
            case ONE -> "{\"embedding\":{\"values\":" + vectors.getFirst() + "}}";
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
