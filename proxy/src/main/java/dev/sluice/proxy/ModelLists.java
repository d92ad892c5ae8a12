package dev.sluice.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.Protocol;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.routing.Router;
import dev.sluice.traffic.usage.Outcome;
import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.util.List;

/** Answers which models a caller may call, in the form of the caller's protocol. */
final class ModelLists {
    private final ErrorAnswer errors;
    private final Settler settler;

    ModelLists(ErrorAnswer errors, Settler settler) {
        this.errors = errors;
        this.settler = settler;
    }

    void answer(Exchange x) {
        List<String> models = Router.models(x.api(), x.caller, x.startedAtMillis);
        Protocol protocol = protocol(x);
        String root = x.route().fullPath();
        byte[] answer;
        if (x.path.length() > root.length() + 1) {
            String id = URLDecoder.decode(x.path.substring(root.length() + 1), UTF_8);
            if (!models.contains(id)) {
                errors.refuse(
                        x,
                        Failure.of(
                                FailureKind.MODEL_NOT_FOUND,
                                "model \"" + Pipeline.printable(id) + "\" is not offered to this caller by Model API \""
                                        + x.api().name() + "\"",
                                "model"));
                return;
            }
            answer = one(protocol, id);
        } else {
            answer = all(protocol, models);
        }
        x.responseBytes = answer.length;
        x.response
                .putHeader(AnswerHeaders.CONTENT_TYPE, AnswerHeaders.JSON)
                .putHeader(AnswerHeaders.REQUEST_ID, x.id)
                .end(Buffer.buffer(answer));
        settler.end(x, Outcome.COMPLETED, 200, "");
    }

    /** The Model API's protocol; on one of OpenAI's the header that every Anthropic client sends tells it apart. */
    private static Protocol protocol(Exchange x) {
        Protocol declared = x.api().spec().protocol();
        return declared == Protocol.OPENAI && x.request.getHeader("anthropic-version") != null
                ? Protocol.ANTHROPIC
                : declared;
    }

    private static byte[] all(Protocol protocol, List<String> models) {
        return switch (protocol) {
            case ANTHROPIC -> Anthropic.modelList(models);
            case GEMINI -> Gemini.modelList(models);
            case OPENAI, DASHSCOPE, BEDROCK, COHERE, HUNYUAN, RERANK, ANY -> OpenAi.modelList(models);
        };
    }

    private static byte[] one(Protocol protocol, String model) {
        return switch (protocol) {
            case ANTHROPIC -> Anthropic.model(model);
            case GEMINI -> Gemini.model(model);
            case OPENAI, DASHSCOPE, BEDROCK, COHERE, HUNYUAN, RERANK, ANY -> OpenAi.model(model);
        };
    }
}
