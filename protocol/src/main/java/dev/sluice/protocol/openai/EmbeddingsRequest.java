package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.Dialect;
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

/**
 * Requests for embeddings, with what Jina ({@code task}, {@code embedding_type}, {@code truncate}, pictures) and NVIDIA
 * ({@code input_type}, {@code truncate}) add.
 */
final class EmbeddingsRequest {
    private static final Set<String> KNOWN = Set.of(
            "model",
            "input",
            "dimensions",
            "encoding_format",
            "embedding_type",
            "user",
            "input_type",
            "task",
            "truncate",
            "stream");

    private EmbeddingsRequest() {}

    static EmbedRequest read(Json body) {
        Fields.only(body, KNOWN);
        List<Input> inputs = inputs(body.get("input"));
        if (body.get("stream").isTrue()) throw Fields.untranslatable("stream");
        return new EmbedRequest(
                inputs,
                Fields.integer(body, "dimensions"),
                purpose(body),
                truncation(body.get("truncate")),
                encodings(body),
                body.get("input").isText() ? Layout.SINGLE : Layout.LIST);
    }

    private static List<Input> inputs(Json input) {
        if (input instanceof Json.Str(String text)) return List.of(Input.of(new Piece.Text(text)));
        List<Json> items = input.items();
        if (!items.isEmpty() && items.getFirst().isNumber()) return List.of(Input.of(tokens(input)));
        List<Input> inputs = new ArrayList<>(items.size());
        for (Json item : items) inputs.add(Input.of(piece(item)));
        if (inputs.isEmpty()) throw wrongInput();
        return inputs;
    }

    private static Piece piece(Json item) {
        if (item instanceof Json.Str(String text)) return new Piece.Text(text);
        if (item.isArray()) return tokens(item);
        if (item.get("text") instanceof Json.Str(String text)) return new Piece.Text(text);
        Json image = item.any("image", "image_url");
        String url = image.isObject() ? image.get("url").text() : image.text();
        if (url == null) throw wrongInput();
        // Jina takes the bare Base64 as well, and does not want to know of which type the picture is.
        if (!url.contains(":")) throw new InexpressibleException("pictures must be URLs or data: URLs", "input");
        return new Piece.Image(url);
    }

    private static Piece tokens(Json list) {
        List<Long> ids = new ArrayList<>();
        for (Json id : list.items()) {
            long token = id.isNumber() ? id.integer(-1) : -1;
            if (token < 0) throw wrongInput();
            ids.add(token);
        }
        if (ids.isEmpty()) throw wrongInput();
        return new Piece.Tokens(ids);
    }

    private static InexpressibleException wrongInput() {
        return Fields.wrong("input", "a string, a list of strings, a list of tokens or a list of such lists");
    }

    private static List<Encoding> encodings(Json body) {
        List<String> words = new ArrayList<>(Fields.texts(body, "encoding_format"));
        if (words.isEmpty()) words.addAll(Fields.texts(body, "embedding_type"));
        if (words.size() > 1) throw Fields.untranslatable("embedding_type");
        return words.stream()
                .map(word -> switch (word) {
                    case "float" -> Encoding.FLOAT;
                    case "base64" -> Encoding.BASE64;
                    default ->
                        throw Fields.wrong("encoding_format", "float or base64 for a provider of another protocol");
                })
                .toList();
    }

    private static @Nullable Purpose purpose(Json body) {
        String task = Fields.text(body, "task");
        if (task != null) {
            return switch (task) {
                case "retrieval.query" -> Purpose.QUERY;
                case "retrieval.passage" -> Purpose.DOCUMENT;
                case "text-matching" -> Purpose.SIMILARITY;
                case "classification" -> Purpose.CLASSIFICATION;
                case "separation", "clustering" -> Purpose.CLUSTERING;
                case "code.query", "nl2code.query" -> Purpose.CODE_QUERY;
                default -> throw Fields.untranslatable("task");
            };
        }
        String type = Fields.text(body, "input_type");
        return switch (type == null ? "" : type) {
            case "" -> null;
            case "query", "search_query" -> Purpose.QUERY;
            case "passage", "document", "search_document" -> Purpose.DOCUMENT;
            case "classification" -> Purpose.CLASSIFICATION;
            case "clustering" -> Purpose.CLUSTERING;
            default -> throw Fields.untranslatable("input_type");
        };
    }

    private static @Nullable Truncation truncation(Json truncate) {
        return switch (truncate) {
            case Json.Null _ -> null;
            case Json.Bool(boolean cut) -> cut ? Truncation.END : Truncation.NONE;
            case Json.Str(String word) ->
                switch (word.toUpperCase(Locale.ROOT)) {
                    case "NONE" -> Truncation.NONE;
                    case "START", "LEFT" -> Truncation.START;
                    case "END", "RIGHT" -> Truncation.END;
                    default -> throw Fields.wrong("truncate", "NONE, START or END");
                };
            case Json.Obj _, Json.Arr _, Json.Num _ -> throw Fields.wrong("truncate", "NONE, START or END");
        };
    }

    static Json write(EmbedRequest request, String model, Dialect dialect) {
        request.requireNoTitles("a provider of the OpenAI protocol");
        request.requireTruncation("a provider of the OpenAI protocol", Truncation.NONE);
        List<Json> inputs = new ArrayList<>(request.inputs().size());
        for (Input input : request.inputs()) inputs.add(input(input));
        Purpose purpose = request.purpose();
        Json.Builder body = Json.object()
                .put("model", model)
                .put(
                        "input",
                        request.layout() == Layout.SINGLE && inputs.getFirst().isText()
                                ? inputs.getFirst()
                                : Json.array(inputs))
                .put("dimensions", Fields.number(request.dimensions()));
        if (purpose != null && dialect.extensions().contains("task")) body.put("task", task(purpose));
        if (purpose != null && dialect.extensions().contains("input_type"))
            body.put("input_type", purpose.isQuery() ? "query" : "passage");
        return body.build();
    }

    private static Json input(Input input) {
        if (input.pieces().size() == 1 && input.pieces().getFirst() instanceof Piece.Tokens(List<Long> ids)) {
            return Json.array(ids.stream().map(Json::of).toList());
        }
        String text = input.text();
        if (text == null)
            throw new InexpressibleException(
                    "a provider of the OpenAI protocol takes inputs of text only here", "input");
        return Json.of(text);
    }

    private static String task(Purpose purpose) {
        return switch (purpose) {
            case QUERY, QUESTION, CLAIM, CODE_QUERY -> "retrieval.query";
            case DOCUMENT -> "retrieval.passage";
            case SIMILARITY -> "text-matching";
            case CLASSIFICATION -> "classification";
            case CLUSTERING -> "separation";
        };
    }
}
