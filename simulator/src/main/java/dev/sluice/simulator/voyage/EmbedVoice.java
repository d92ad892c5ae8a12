package dev.sluice.simulator.voyage;

import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.Vector;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** {@code POST /v1/embeddings}. Texts that share words have vectors that are close to each other. */
final class EmbedVoice implements VoyageVoice {
    private static final int USUAL_DIMENSIONS = 1_024;
    private static final Set<Integer> DIMENSIONS = Set.of(256, 512, USUAL_DIMENSIONS, 2_048);

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields body = Fields.of(heard);
        body.needed("model");
        List<String> texts = body.texts("input");
        if (texts.isEmpty()) {
            throw body.missing("input");
        }
        body.atMost(MOST_INPUTS, texts.size(), "input");
        purpose(body);
        body.flag("truncation", true);
        int dimensions = body.count("output_dimension", USUAL_DIMENSIONS);
        if (!DIMENSIONS.contains(dimensions)) {
            throw body.wrong(
                    "output_dimension", "one of " + DIMENSIONS.stream().sorted().toList());
        }
        JsonArray data = new JsonArray();
        for (String text : texts) {
            data.add(new JsonObject()
                    .put("object", "embedding")
                    .put("embedding", coded(Vector.of(text, dimensions), body))
                    .put("index", data.size()));
        }
        return VoyageVoice.list(
                heard, data, texts.stream().mapToInt(Tokens::count).sum(), wishes);
    }

    private static void purpose(Fields body) throws Rejection {
        String purpose = body.text("input_type");
        if (purpose != null && !Set.of("query", "document").contains(purpose)) {
            throw body.wrong("input_type", "query or document, but it is " + purpose);
        }
    }

    private static Object coded(Vector vector, Fields body) throws Rejection {
        JsonArray numbers = switch (body.text("output_dtype", "float")) {
            case "float" -> vector.numbers();
            case "int8" -> vector.int8();
            case "uint8" -> vector.uint8();
            case "binary" -> vector.bits(Byte.MIN_VALUE);
            case "ubinary" -> vector.bits(0);
            case String other ->
                throw body.wrong("output_dtype", "float, int8, uint8, binary or ubinary, but it is " + other);
        };
        return switch (body.text("encoding_format")) {
            case null -> numbers;
            case "base64" ->
                body.text("output_dtype", "float").equals("float") ? vector.base64() : Vector.base64(numbers);
            case String other -> throw body.wrong("encoding_format", "base64 or none, but it is " + other);
        };
    }
}
