package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.image.ImageAnswer;
import dev.sluice.protocol.image.ImageFormat;
import dev.sluice.protocol.image.ImageRequest;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.request.BodyPeek;
import dev.sluice.protocol.whole.WholeRead;
import java.util.List;
import java.util.Set;

/**
 * Tasks that draw and film, and models that draw at once at the path of conversations of several media. A client's request is a task to
 * be asked after, which no other protocol has; it is read for its model only.
 */
final class ImageSynthesisFormat implements ImageFormat {
    private static final BodyPeek.Shape SHAPE = new BodyPeek.Shape("model", null, null, null, Set.of("input"));

    private final boolean atOnce;

    /** @param atOnce whether requests are written for models that draw at once */
    ImageSynthesisFormat(boolean atOnce) {
        this.atOnce = atOnce;
    }

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return BodyPeek.read(body, SHAPE, asked);
    }

    /** A task that failed has answered well: its failure is its state. */
    @Override
    public Answer inspect(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new Answer.Malformed("the answer is not valid JSON");
        if (json.get("output").isObject()) return new Answer.Complete(null, TextSample.EMPTY);
        UpstreamError told = ErrorReader.find(body, from, to);
        return told != null && (!told.message().isEmpty() || json.get("code").isText())
                ? new Answer.Failed(told)
                : new Answer.Complete(null, TextSample.EMPTY);
    }

    @Override
    public ImageRequest readRequest(byte[] body, Asked asked) {
        throw new InexpressibleException(
                "tasks of DashScope can only be begun at a provider that has them; call its own models, "
                        + "or ask for pictures in the OpenAI protocol",
                null);
    }

    @Override
    public byte[] writeRequest(ImageRequest request, String model, Dialect dialect) {
        Json.Builder input = Json.object();
        Json.Builder parameters = Json.object();
        if (atOnce) {
            Json content = Json.object().put("text", request.prompt()).build();
            Json message = Json.object()
                    .put("role", "user")
                    .put("content", Json.array(List.of(content)))
                    .build();
            input.put("messages", Json.array(List.of(message)));
            parameters.put("negative_prompt", request.wishes().get("negative_prompt"));
        } else {
            input.put("prompt", request.prompt())
                    .put("negative_prompt", request.wishes().get("negative_prompt"));
        }
        ImageRequest.Size size = request.size();
        parameters
                .put("size", size == null ? null : size.write('*'))
                .put("n", Fields.number(request.number()))
                .put("seed", request.wishes().get("seed"))
                .put("prompt_extend", request.wishes().get("prompt_extend"))
                .put("watermark", request.wishes().get("watermark"));
        Json.Builder body = Json.object().put("model", model).put("input", input.build());
        if (!parameters.isEmpty()) body.put("parameters", parameters.build());
        return body.build().toBytes();
    }

    @Override
    public WholeRead<ImageAnswer> readAnswer(byte[] body, int from, int to) {
        return ImageTasks.read(body, from, to);
    }

    @Override
    public byte[] writeAnswer(ImageAnswer answer, ImageRequest request, View view) {
        throw new IllegalStateException("no answer is translated for clients of DashScope's tasks");
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.event(error);
    }
}
