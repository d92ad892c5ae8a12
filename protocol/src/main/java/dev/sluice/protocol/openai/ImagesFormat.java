package dev.sluice.protocol.openai;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.image.ImageAnswer;
import dev.sluice.protocol.image.ImageAnswer.Picture;
import dev.sluice.protocol.image.ImageFormat;
import dev.sluice.protocol.image.ImageRequest;
import dev.sluice.protocol.image.ImageRequest.Size;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/images/generations}, with the wishes that several vendors add. */
final class ImagesFormat implements ImageFormat {
    private static final Set<String> WISHES = Set.of("seed", "negative_prompt", "prompt_extend", "watermark");
    /** Wishes that have one value which any vendor fulfils: nothing in particular. */
    private static final Map<String, Set<String>> PLAIN = Map.of(
            "quality", Set.of("auto", "standard"),
            "background", Set.of("auto"),
            "output_format", Set.of("png"),
            "moderation", Set.of("auto", "low"));

    private static final Set<String> KNOWN =
            Set.of("model", "prompt", "n", "size", "response_format", "user", "stream");

    @Override
    public Peek peek(byte[] body, Asked asked) {
        return OpenAi.plain().peek(body, asked);
    }

    @Override
    public Answer inspect(byte[] body, int from, int to) {
        return OpenAi.plain().inspect(body, from, to);
    }

    @Override
    public StreamTap tap() {
        return OpenAi.plain().tap();
    }

    @Override
    public ImageRequest readRequest(byte[] bytes, Asked asked) {
        Json body = Fields.body(bytes);
        Map<String, Json> wishes = new LinkedHashMap<>();
        body.fields().forEach((name, value) -> {
            if (!value.isPresent() || KNOWN.contains(name)) return;
            if (WISHES.contains(name)) wishes.put(name, value);
            else if (!PLAIN.getOrDefault(name, Set.of()).contains(value.text(""))) throw Fields.untranslatable(name);
        });
        if (body.get("stream").isTrue()) throw Fields.untranslatable("stream");
        String prompt = Fields.text(body, "prompt");
        if (prompt == null) throw Fields.wrong("prompt", "a string");
        return new ImageRequest(
                prompt, Fields.integer(body, "n"), size(Fields.text(body, "size")), wantsBytes(body), wishes);
    }

    private static @Nullable Size size(@Nullable String size) {
        if (size == null || size.equals("auto")) return null;
        Size parsed = Size.parse(size, 'x');
        if (parsed == null) throw Fields.wrong("size", "auto or WIDTHxHEIGHT in pixels");
        return parsed;
    }

    private static boolean wantsBytes(Json body) {
        String format = Fields.text(body, "response_format");
        return switch (format == null ? "url" : format) {
            case "url" -> false;
            case "b64_json" -> true;
            default -> throw Fields.wrong("response_format", "url or b64_json");
        };
    }

    @Override
    public byte[] writeRequest(ImageRequest request, String model, Dialect dialect) {
        Size size = request.size();
        Json.Builder body = Json.object()
                .put("model", model.isEmpty() ? null : model)
                .put("prompt", request.prompt())
                .put("n", Fields.number(request.number()))
                .put("size", size == null ? null : size.write('x'))
                .put("response_format", request.wantsBytes() ? "b64_json" : null);
        request.wishes().forEach(body::put);
        return body.build().toBytes();
    }

    @Override
    public WholeRead<ImageAnswer> readAnswer(byte[] body, int from, int to) {
        Json json = Json.parse(body, from, to);
        if (json == null) return new WholeRead.Malformed<>("the answer is not valid JSON");
        List<Picture> pictures = new ArrayList<>();
        for (Json one : json.get("data").items()) {
            String url = one.get("url").text();
            String base64 = one.get("b64_json").text();
            if (url != null || base64 != null)
                pictures.add(new Picture(url, base64, one.get("revised_prompt").text()));
        }
        return pictures.isEmpty()
                ? WholeRead.none(body, from, to, "the answer has no picture")
                : new WholeRead.Read<>(new ImageAnswer(pictures, Failures.usage(json)));
    }

    @Override
    public byte[] writeAnswer(ImageAnswer answer, ImageRequest request, View view) {
        List<Json> data = new ArrayList<>();
        for (Picture picture : answer.pictures()) {
            data.add(Json.object()
                    .put("url", picture.base64() == null ? picture.url() : null)
                    .put("b64_json", picture.base64())
                    .put("revised_prompt", picture.prompt())
                    .build());
        }
        return Json.object()
                .put("created", view.nowSeconds())
                .put("data", Json.array(data))
                .put("usage", usage(answer.usage()))
                .build()
                .toBytes();
    }

    private static @Nullable Json usage(@Nullable Usage usage) {
        return usage == null
                ? null
                : Json.object()
                        .put("input_tokens", usage.inputTokens())
                        .put("output_tokens", usage.outputTokens())
                        .put("total_tokens", usage.totalTokens())
                        .build();
    }

    @Override
    public byte[] errorBody(ClientError error) {
        return ErrorForm.body(error);
    }

    @Override
    public byte[] errorEvent(ClientError error) {
        return ErrorForm.chunk(error);
    }
}
