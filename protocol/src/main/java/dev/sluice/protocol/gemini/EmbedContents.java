package dev.sluice.protocol.gemini;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.Fields;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.TokenCount;
import dev.sluice.protocol.embed.EmbedAnswer;
import dev.sluice.protocol.embed.EmbedRequest;
import dev.sluice.protocol.embed.EmbedRequest.Encoding;
import dev.sluice.protocol.embed.EmbedRequest.Input;
import dev.sluice.protocol.embed.EmbedRequest.Layout;
import dev.sluice.protocol.embed.EmbedRequest.Piece;
import dev.sluice.protocol.embed.Purpose;
import dev.sluice.protocol.embed.VectorDocument;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonScanner;
import dev.sluice.protocol.json.JsonType;
import dev.sluice.protocol.json.JsonWriter;
import dev.sluice.protocol.whole.WholeRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Requests for embeddings. */
final class EmbedContents {
    private static final String MODELS = "models/";
    private static final Set<String> KNOWN = Set.of("model", "content", "taskType", "title", "outputDimensionality");

    private EmbedContents() {}

    static EmbedRequest read(byte[] json) {
        Json body = Members.camel(Fields.body(json));
        if (!body.has("requests")) {
            return new EmbedRequest(
                    List.of(input(body)),
                    Fields.integer(body, "outputDimensionality"),
                    purpose(body),
                    null,
                    List.of(Encoding.FLOAT),
                    Layout.SINGLE);
        }
        Fields.only(body, Set.of("requests", "model"));
        List<Input> inputs = new ArrayList<>();
        Json first = Json.none();
        for (Json request : Fields.list(body, "requests")) {
            Json one = Members.camel(request);
            if (inputs.isEmpty()) first = one;
            requireSame(first, one, "outputDimensionality");
            requireSame(first, one, "taskType");
            inputs.add(input(one));
        }
        if (inputs.isEmpty()) throw Fields.wrong("requests", "a list of at least one request");
        return new EmbedRequest(
                inputs,
                Fields.integer(first, "outputDimensionality"),
                purpose(first),
                null,
                List.of(Encoding.FLOAT),
                Layout.LIST);
    }

    private static void requireSame(Json first, Json other, String name) {
        if (!Objects.equals(first.get(name), other.get(name)))
            throw new InexpressibleException(
                    "\"" + name + "\" must be the same in all requests for a provider of another protocol", name);
    }

    private static Input input(Json request) {
        Fields.only(request, KNOWN);
        Json content = request.get("content");
        List<Piece> pieces = new ArrayList<>();
        // The SDKs also let a client give the bare text.
        if (content instanceof Json.Str(String text)) pieces.add(new Piece.Text(text));
        for (Json part : content.get("parts").items()) pieces.add(piece(Members.camel(part)));
        if (pieces.isEmpty()) throw Fields.wrong("content", "an object with parts");
        return new Input(pieces, Fields.text(request, "title"));
    }

    private static Piece piece(Json part) {
        if (part.get("text") instanceof Json.Str(String text)) return new Piece.Text(text);
        Json inline = Members.camel(part.get("inlineData"));
        Json file = Members.camel(part.get("fileData"));
        String type = inline.isObject()
                ? inline.get("mimeType").text("")
                : file.get("mimeType").text("");
        String url = inline.isObject()
                ? "data:" + type + ";base64," + inline.get("data").text("")
                : file.get("fileUri").text();
        if (url != null && type.startsWith("image/")) return new Piece.Image(url);
        if (url != null && type.startsWith("video/")) return new Piece.Video(url);
        throw new InexpressibleException(
                "a part of \"content\" is neither text nor a picture nor a film; another protocol has no such input",
                "content");
    }

    private static @Nullable Purpose purpose(Json request) {
        String word = Fields.text(request, "taskType");
        return switch (word == null ? "" : word) {
            case "", "TASK_TYPE_UNSPECIFIED" -> null;
            case "RETRIEVAL_QUERY" -> Purpose.QUERY;
            case "RETRIEVAL_DOCUMENT" -> Purpose.DOCUMENT;
            case "SEMANTIC_SIMILARITY" -> Purpose.SIMILARITY;
            case "CLASSIFICATION" -> Purpose.CLASSIFICATION;
            case "CLUSTERING" -> Purpose.CLUSTERING;
            case "QUESTION_ANSWERING" -> Purpose.QUESTION;
            case "FACT_VERIFICATION" -> Purpose.CLAIM;
            case "CODE_RETRIEVAL_QUERY" -> Purpose.CODE_QUERY;
            default -> throw Fields.untranslatable("taskType");
        };
    }

    static String word(Purpose purpose) {
        return switch (purpose) {
            case QUERY -> "RETRIEVAL_QUERY";
            case DOCUMENT -> "RETRIEVAL_DOCUMENT";
            case SIMILARITY -> "SEMANTIC_SIMILARITY";
            case CLASSIFICATION -> "CLASSIFICATION";
            case CLUSTERING -> "CLUSTERING";
            case QUESTION -> "QUESTION_ANSWERING";
            case CLAIM -> "FACT_VERIFICATION";
            case CODE_QUERY -> "CODE_RETRIEVAL_QUERY";
        };
    }

    static Json write(EmbedRequest request, String model) {
        request.requireTruncation("Gemini", null);
        Purpose purpose = request.purpose();
        List<Json> requests = new ArrayList<>();
        for (Input input : request.inputs()) {
            requests.add(Json.object()
                    .put("model", MODELS + model)
                    .put("content", content(input))
                    .put("taskType", purpose == null ? null : word(purpose))
                    .put("title", input.title())
                    .put("outputDimensionality", Fields.number(request.dimensions()))
                    .build());
        }
        return Json.object().put("requests", Json.array(requests)).build();
    }

    static Json content(Input input) {
        List<Json> parts = input.pieces().stream().map(EmbedContents::part).toList();
        return Json.object().put("parts", Json.array(parts)).build();
    }

    static WholeRead<EmbedAnswer> readAnswer(byte[] body, int from, int to) {
        return VectorDocument.read(body, from, to, document -> {
            Json json = document.json();
            List<Json> embeddings = json.get("embedding").isObject()
                    ? List.of(json.get("embedding"))
                    : json.get("embeddings").items();
            if (embeddings.isEmpty()) return WholeRead.none(body, from, to, "the answer has no embeddings");
            return document.answer(
                    "",
                    embeddings.stream()
                            .map(embedding -> embedding.get("values"))
                            .toList(),
                    usage(json));
        });
    }

    private static @Nullable Usage usage(Json json) {
        Json told = json.get("usageMetadata").any("promptTokenCount", "totalTokenCount");
        return told.isNumber() ? Usage.of(TokenCount.of(told), 0) : null;
    }

    private static Json part(Piece piece) {
        return switch (piece) {
            case Piece.Text(String text) -> Members.text(text);
            case Piece.Image(String url) -> inline(url);
            case Piece.Video(String url) -> inline(url);
            case Piece.Tokens _ ->
                throw new InexpressibleException(
                        "Gemini takes no tokens of other models; send the text itself", "input");
        };
    }

    private static Json inline(String url) {
        int comma = url.indexOf(',');
        String head = url.substring(0, Math.max(0, comma));
        if (!head.startsWith("data:") || !head.endsWith(";base64"))
            throw new InexpressibleException(
                    "Gemini takes pictures and films within the request only; send them as data: URLs", "input");
        String type = head.substring("data:".length(), head.length() - ";base64".length());
        return Json.object()
                .put(
                        "inlineData",
                        Json.object()
                                .put("mimeType", type)
                                .put("data", url.substring(comma + 1))
                                .build())
                .build();
    }

    /** The edits that give every model that a body names another name; a batch names one in each of its requests. */
    static List<Splice> renaming(byte[] body, String model) {
        byte[] name = new JsonWriter().string(MODELS + model).toBytes();
        List<Splice> edits = new ArrayList<>();
        JsonScanner scanner = new JsonScanner().reset(body, JsonScanner.afterMark(body, 0, body.length), body.length);
        if (scanner.type() == JsonType.OBJECT) rename(scanner, name, edits);
        return edits;
    }

    private static void rename(JsonScanner scanner, byte[] name, List<Splice> edits) {
        scanner.enter();
        while (scanner.nextMember()) {
            String member = scanner.name();
            if (member.equals("model") && scanner.type() == JsonType.STRING && scanner.skip()) {
                edits.add(new Splice(scanner.valueFrom(), scanner.valueTo(), name));
            } else if (member.equals("requests") && scanner.type() == JsonType.ARRAY) {
                scanner.enter();
                while (scanner.nextElement()) {
                    if (scanner.type() == JsonType.OBJECT) rename(scanner, name, edits);
                }
            }
        }
    }
}
