package dev.sluice.simulator.cohere;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.Vector;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code POST /v2/embed}. Texts that share words have vectors that are close to each other. */
final class EmbedVoice implements CohereVoice {
    private static final int MOST_INPUTS = 96;
    private static final Set<String> PURPOSES =
            Set.of("search_document", "search_query", "classification", "clustering", "image");
    private static final Set<Integer> DIMENSIONS = Set.of(256, 512, 1_024, 1_536);

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        String purpose = body.needed("input_type");
        if (!PURPOSES.contains(purpose)) {
            throw body.wrong(
                    "input_type", "one of " + PURPOSES.stream().sorted().toList());
        }
        int dimensions = body.count("output_dimension", usualDimensions(heard.model()));
        if (body.has("output_dimension") && !DIMENSIONS.contains(dimensions)) {
            throw body.wrong(
                    "output_dimension", "one of " + DIMENSIONS.stream().sorted().toList());
        }
        List<String> texts = texts(body);
        List<String> types = body.texts("embedding_types");
        JsonObject embeddings = new JsonObject();
        for (String type : types.isEmpty() ? List.of("float") : types) {
            JsonArray vectors = new JsonArray();
            for (String text : texts) {
                vectors.add(coded(Vector.of(text, dimensions), type, body));
            }
            embeddings.put(type, vectors);
        }
        int tokens = texts.stream().mapToInt(Tokens::count).sum();
        Usage usage = Usage.of(Reply.usage(tokens, 0, wishes).inputTokens(), 0);
        JsonObject answer = new JsonObject().put("id", heard.uuid("embed")).put("embeddings", embeddings);
        if (body.has("texts")) {
            answer.put("texts", new JsonArray(texts));
        }
        if (wishes.tellsUsage()) {
            answer.put("meta", Wire.meta(new JsonObject().put("input_tokens", usage.inputTokens())));
        }
        return Script.whole(answer.put("response_type", "embeddings_by_type"), usage, wishes.tellsUsage());
    }

    private static int usualDimensions(String model) {
        return model.contains("light") ? 384 : model.contains("v3") ? 1_024 : 1_536;
    }

    /** The texts; of pictures their addresses, and of inputs with several contents the texts among them. */
    private static List<String> texts(Fields body) throws Rejection {
        List<String> texts = new ArrayList<>(body.texts("texts"));
        texts.addAll(body.texts("images"));
        for (Fields input : body.objects("inputs")) {
            StringBuilder text = new StringBuilder();
            for (Fields part : input.objects("content")) {
                String said = part.needed("type").equals("text")
                        ? part.needed("text")
                        : part.object("image_url").needed("url");
                text.append(text.isEmpty() ? "" : "\n").append(said);
            }
            texts.add(text.toString());
        }
        if (texts.isEmpty()) {
            throw body.missing("texts");
        }
        body.atMost(MOST_INPUTS, texts.size(), "texts");
        return texts;
    }

    private static Object coded(Vector vector, String type, Fields body) throws Rejection {
        return switch (type) {
            case "float" -> vector.numbers();
            case "int8" -> vector.int8();
            case "uint8" -> vector.uint8();
            case "binary" -> vector.bits(Byte.MIN_VALUE);
            case "ubinary" -> vector.bits(0);
            case "base64" -> vector.base64();
            default ->
                throw body.wrong(
                        "embedding_types", "float, int8, uint8, binary, ubinary or base64, but one is " + type);
        };
    }
}
