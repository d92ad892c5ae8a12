package dev.sluice.simulator.bedrock;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Fields;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Rejection;
import dev.sluice.simulator.voice.Script;
import dev.sluice.simulator.voice.Tokens;
import dev.sluice.simulator.voice.Wishes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** {@code POST /model/{id}/count-tokens}, which costs nothing. Models of several regions have no counter. */
final class CountVoice implements RuntimeVoice {
    private static final Pattern SEVERAL_REGIONS = Pattern.compile("(us|eu|apac|global|us-gov)\\..*");

    @Override
    public Script reply(Heard heard, Wishes wishes) throws Rejection {
        Fields input = Fields.of(heard).object("input");
        if (SEVERAL_REGIONS.matcher(heard.model()).matches()) {
            throw new Rejection(Complaint.invalid(null, "The provided model doesn't support counting tokens."));
        }
        int tokens = input.has("converse")
                ? ConversePrompt.read(input.object("converse")).tokens()
                : invoked(input.object("invokeModel").needed("body"));
        return Script.whole(new JsonObject().put("inputTokens", tokens), Usage.ZERO, false, Wire.requestId(heard));
    }

    /** A body of a model's own form: all that is named text or content counts. */
    private static int invoked(String base64) throws Rejection {
        try {
            return tokens(new JsonObject(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException _) {
            throw new Rejection(Complaint.invalid("input.invokeModel.body", "The body is not base64."));
        }
    }

    private static int tokens(Object value) {
        int tokens = 0;
        if (value instanceof JsonArray array) {
            for (Object item : array) {
                tokens += tokens(item);
            }
        } else if (value instanceof JsonObject object) {
            for (String name : object.fieldNames()) {
                Object member = object.getValue(name);
                boolean said = name.equals("text") || name.equals("content") || name.equals("system");
                tokens += said && member instanceof String text ? Tokens.count(text) : 0;
                tokens += member instanceof JsonObject || member instanceof JsonArray ? tokens(member) : 0;
            }
        }
        return tokens;
    }
}
