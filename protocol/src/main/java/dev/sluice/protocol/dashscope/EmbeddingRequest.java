package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.EmbedRequest.Encoding;
import dev.sluice.protocol.embed.EmbedRequest.Input;
import dev.sluice.protocol.embed.EmbedRequest.Layout;
import dev.sluice.protocol.embed.EmbedRequest.Piece;
import dev.sluice.protocol.embed.EmbedRequest.Truncation;
import dev.sluice.protocol.embed.Purpose;
import dev.sluice.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests for embeddings. */
final class EmbeddingRequest {
    private static final Set<String> KNOWN = Set.of("model", "input", "parameters");
    private static final Set<String> PARAMETERS = Set.of("text_type", "dimension", "output_type");
    private static final Set<String> MEDIA = Set.of("text", "image", "video");

    private EmbeddingRequest() {}

    static EmbedRequest read(byte[] json) {
        Json body = Fields.body(json);
        Fields.only(body, KNOWN);
        Json input = body.get("input");
        Json parameters = body.get("parameters");
        Fields.only(parameters, PARAMETERS);
        String output = Fields.text(parameters, "output_type");
        if (output != null && !output.equals("dense")) throw Fields.untranslatable("output_type");
        boolean media = input.has("contents");
        Fields.only(input, Set.of(media ? "contents" : "texts"));
        return new EmbedRequest(
                media ? contents(input) : texts(input),
                Fields.integer(parameters, "dimension"),
                purpose(Fields.text(parameters, "text_type")),
                null,
                List.of(Encoding.FLOAT),
                media ? Layout.CONTENTS : Layout.LIST);
    }

    private static List<Input> texts(Json input) {
        List<Input> inputs = new ArrayList<>();
        for (String text : Fields.texts(input, "texts")) inputs.add(Input.of(new Piece.Text(text)));
        if (inputs.isEmpty()) throw Fields.wrong("texts", "a list of at least one string in \"input\"");
        return inputs;
    }

    private static List<Input> contents(Json input) {
        List<Input> inputs = new ArrayList<>();
        for (Json content : Fields.list(input, "contents")) {
            Fields.only(content, MEDIA);
            List<Piece> pieces = new ArrayList<>();
            String text = Fields.text(content, "text");
            String image = Fields.text(content, "image");
            String video = Fields.text(content, "video");
            if (text != null) pieces.add(new Piece.Text(text));
            if (image != null) pieces.add(new Piece.Image(image));
            if (video != null) pieces.add(new Piece.Video(video));
            if (pieces.isEmpty()) throw Fields.wrong("contents", "a list of objects with text, image or video");
            inputs.add(new Input(pieces, null));
        }
        if (inputs.isEmpty()) throw Fields.wrong("contents", "a list of at least one object");
        return inputs;
    }

    private static @Nullable Purpose purpose(@Nullable String type) {
        return switch (type == null ? "" : type) {
            case "" -> null;
            case "query" -> Purpose.QUERY;
            case "document" -> Purpose.DOCUMENT;
            default -> throw Fields.wrong("text_type", "query or document");
        };
    }

    /** Whether a request goes to the path for several media; its model or its inputs tell. */
    static boolean isMultimodal(EmbedRequest request, String model) {
        return !request.isText()
                || model.contains("multimodal-embedding")
                || model.contains("-vl-embedding")
                || model.contains("embedding-vision");
    }

    static Json write(EmbedRequest request, String model) {
        request.requireNoTitles("DashScope");
        request.requireTruncation("DashScope", Truncation.NONE);
        Json.Builder input = Json.object();
        Json.Builder parameters = Json.object().put("dimension", Fields.number(request.dimensions()));
        if (isMultimodal(request, model)) {
            input.put(
                    "contents",
                    Json.array(request.inputs().stream()
                            .map(EmbeddingRequest::content)
                            .toList()));
        } else {
            input.put("texts", Json.texts(request.texts("DashScope")));
            Purpose purpose = request.purpose();
            if (purpose != null) parameters.put("text_type", type(purpose));
        }
        Json.Builder body = Json.object().put("model", model).put("input", input.build());
        if (!parameters.isEmpty()) body.put("parameters", parameters.build());
        return body.build();
    }

    /** Only the two sides of a search have a name; null for another purpose. */
    private static @Nullable String type(Purpose purpose) {
        if (purpose.isQuery()) return "query";
        return purpose == Purpose.DOCUMENT ? "document" : null;
    }

    private static Json content(Input input) {
        Json.Builder content = Json.object();
        int members = 0;
        String text = input.text();
        if (text != null) return content.put("text", text).build();
        for (Piece piece : input.pieces()) {
            switch (piece) {
                case Piece.Text(String said) -> content.put("text", said);
                case Piece.Image(String url) -> content.put("image", url);
                case Piece.Video(String url) -> content.put("video", url);
                case Piece.Tokens _ ->
                    throw new InexpressibleException(
                            "DashScope takes no tokens of other models; send the text itself", "input");
            }
            members++;
        }
        Json built = content.build();
        if (built.fields().size() < members)
            throw new InexpressibleException("DashScope takes one piece of each medium in an input", "input");
        return built;
    }
}
