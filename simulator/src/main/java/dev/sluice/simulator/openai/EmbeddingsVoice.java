package dev.sluice.simulator.openai;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Reply;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.UsageReport;
import dev.sluice.simulator.voice.Vector;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/embeddings}. Texts that share words have vectors that are close to each other. */
final class EmbeddingsVoice implements JsonVoice {
    private static final int MOST_INPUTS = 2048;
    private static final int MOST_DIMENSIONS = 8192;

    /** One text or one array of token ids to embed. */
    private record Input(String text, int tokens) {}

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Body body = Body.of(heard);
        List<Input> inputs = inputs(body.value("input"));
        int dimensions = body.number("dimensions", usualDimensions(heard.model()), 1, MOST_DIMENSIONS);
        boolean base64 = isBase64(body.text("encoding_format"));
        int tokens = inputs.stream().mapToInt(Input::tokens).sum();
        Usage usage = Reply.usage(tokens, 0, wishes);
        boolean told = wishes.report() != UsageReport.NEVER;
        StringBuilder json = new StringBuilder(inputs.size() * dimensions * 8 + 256);
        json.append("{\"object\":\"list\",\"data\":[");
        for (int index = 0; index < inputs.size(); index++) {
            json.append(index == 0 ? "" : ",")
                    .append("{\"object\":\"embedding\",\"index\":")
                    .append(index);
            json.append(",\"embedding\":");
            Vector vector = Vector.of(inputs.get(index).text(), dimensions);
            if (base64) {
                json.append('"').append(vector.base64()).append('"');
            } else {
                vector.appendTo(json);
            }
            json.append('}');
        }
        json.append("],\"model\":").append(Json.encode(heard.model()));
        if (told) {
            json.append(",\"usage\":{\"prompt_tokens\":").append(usage.inputTokens());
            json.append(",\"total_tokens\":").append(usage.inputTokens()).append('}');
        }
        return Wire.whole(heard, json.append('}').toString(), Usage.of(usage.inputTokens(), 0), told);
    }

    private static int usualDimensions(String model) {
        return model.contains("large") ? 3072 : 1536;
    }

    private static boolean isBase64(@Nullable String format) throws Rejection {
        return switch (format) {
            case null -> false;
            case "float" -> false;
            case "base64" -> true;
            default ->
                throw new Rejection(Complaint.invalid(
                        "encoding_format",
                        "Invalid value: '" + format + "'. Supported values are: 'float' and 'base64'."));
        };
    }

    private static List<Input> inputs(@Nullable Object input) throws Rejection {
        if (input instanceof String text) {
            return List.of(text(text));
        }
        if (!(input instanceof JsonArray array) || array.isEmpty()) {
            throw Body.wrongType("input", "a string, an array of strings, or arrays of token ids, not empty");
        }
        if (array.getValue(0) instanceof Number) {
            return List.of(ids(array));
        }
        if (array.size() > MOST_INPUTS) {
            throw new Rejection(Complaint.invalid(
                    "input", "Invalid 'input': " + array.size() + " inputs. Expected at most " + MOST_INPUTS + "."));
        }
        List<Input> inputs = new ArrayList<>();
        for (Object item : array) {
            inputs.add(
                    switch (item) {
                        case String text -> text(text);
                        case JsonArray ids -> ids(ids);
                        case null, default ->
                            throw Body.wrongType("input[" + inputs.size() + "]", "a string or token ids");
                    });
        }
        return inputs;
    }

    private static Input text(String text) throws Rejection {
        if (text.isEmpty()) {
            throw new Rejection(Complaint.invalid("input", "Invalid 'input': input cannot be an empty string."));
        }
        return new Input(text, Tokens.count(text));
    }

    private static Input ids(JsonArray ids) throws Rejection {
        for (Object id : ids) {
            if (!(id instanceof Integer)) {
                throw Body.wrongType("input", "token ids");
            }
        }
        return new Input(ids.encode().replace(',', ' '), ids.size());
    }
}
