package dev.sluice.protocol.cohere;

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
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests for embeddings. */
final class CohereEmbedRequest {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "texts",
            "images",
            "inputs",
            "input_type",
            "embedding_types",
            "output_dimension",
            "truncate",
            "priority");

    private CohereEmbedRequest() {}

    static EmbedRequest read(byte[] json) {
        Json body = Fields.body(json);
        Fields.only(body, KNOWN);
        List<Input> inputs = new ArrayList<>();
        for (String text : Fields.texts(body, "texts")) inputs.add(Input.of(new Piece.Text(text)));
        for (String image : Fields.texts(body, "images")) inputs.add(Input.of(new Piece.Image(image)));
        for (Json input : Fields.list(body, "inputs")) inputs.add(input(input));
        if (inputs.isEmpty()) throw Fields.wrong("texts", "a list of at least one string");
        return new EmbedRequest(
                inputs,
                Fields.integer(body, "output_dimension"),
                purpose(Fields.text(body, "input_type")),
                truncation(Fields.text(body, "truncate")),
                Fields.texts(body, "embedding_types").stream()
                        .map(CohereEmbedRequest::encoding)
                        .toList(),
                Layout.LIST);
    }

    private static Input input(Json input) {
        List<Piece> pieces = new ArrayList<>();
        for (Json part : input.get("content").items()) {
            String text = part.get("text").text();
            String url = part.get("image_url").get("url").text();
            if (text != null) pieces.add(new Piece.Text(text));
            else if (url != null) pieces.add(new Piece.Image(url));
            else throw Fields.wrong("inputs", "a list of objects whose content is of text and image_url");
        }
        if (pieces.isEmpty()) throw Fields.wrong("inputs", "a list of objects with content");
        return new Input(pieces, null);
    }

    private static Encoding encoding(String word) {
        return switch (word) {
            case "float" -> Encoding.FLOAT;
            case "base64" -> Encoding.BASE64;
            default -> throw Fields.wrong("embedding_types", "float or base64 for a provider of another protocol");
        };
    }

    static String word(Encoding encoding) {
        return switch (encoding) {
            case FLOAT -> "float";
            case BASE64 -> "base64";
        };
    }

    private static @Nullable Purpose purpose(@Nullable String type) {
        return switch (type == null ? "" : type) {
            // The inputs themselves say that they are pictures.
            case "", "image" -> null;
            case "search_query" -> Purpose.QUERY;
            case "search_document" -> Purpose.DOCUMENT;
            case "classification" -> Purpose.CLASSIFICATION;
            case "clustering" -> Purpose.CLUSTERING;
            default -> throw Fields.untranslatable("input_type");
        };
    }

    private static @Nullable Truncation truncation(@Nullable String word) {
        return switch (word == null ? "" : word.toUpperCase(Locale.ROOT)) {
            case "" -> null;
            case "NONE" -> Truncation.NONE;
            case "START" -> Truncation.START;
            case "END" -> Truncation.END;
            default -> throw Fields.wrong("truncate", "NONE, START or END");
        };
    }

    static Json write(EmbedRequest request, String model) {
        request.requireNoTitles("Cohere");
        Truncation truncation = request.truncation();
        Json.Builder body = Json.object().put("model", model).put("input_type", type(request));
        if (request.isText()) body.put("texts", Json.texts(request.texts("Cohere")));
        else
            body.put(
                    "inputs",
                    Json.array(request.inputs().stream()
                            .map(CohereEmbedRequest::input)
                            .toList()));
        return body.put("embedding_types", Json.texts(List.of("float")))
                .put("output_dimension", Fields.number(request.dimensions()))
                .put("truncate", truncation == null ? null : truncation.name())
                .build();
    }

    /** Models from version 3 on want a type. Of a client that says none the inputs are what is searched for later. */
    private static String type(EmbedRequest request) {
        return switch (request.purpose()) {
            case null -> request.isText() ? "search_document" : "image";
            case QUERY, QUESTION, CLAIM, CODE_QUERY -> "search_query";
            case DOCUMENT -> "search_document";
            case CLASSIFICATION -> "classification";
            case SIMILARITY, CLUSTERING -> "clustering";
        };
    }

    private static Json input(Input input) {
        List<Json> content = new ArrayList<>();
        for (Piece piece : input.pieces()) {
            content.add(
                    switch (piece) {
                        case Piece.Text(String text) ->
                            Json.object().put("type", "text").put("text", text).build();
                        case Piece.Image(String url) ->
                            Json.object()
                                    .put("type", "image_url")
                                    .put(
                                            "image_url",
                                            Json.object().put("url", url).build())
                                    .build();
                        case Piece.Video _ -> throw new InexpressibleException("Cohere takes no films", "input");
                        case Piece.Tokens _ ->
                            throw new InexpressibleException(
                                    "Cohere takes no tokens of other models; send the text itself", "input");
                    });
        }
        return Json.object().put("content", Json.array(content)).build();
    }
}
