package dev.sluice.protocol.dashscope;

import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonScanner;
import java.util.List;

/**
 * How a client wants its answer. The wishes travel with the request as extensions, which no provider but this one knows.
 *
 * @param text whether the answer is a bare text
 * @param parts whether the content of the message is a list of parts
 * @param incremental whether an event of a stream holds what is new only
 */
record Wishes(boolean text, boolean parts, boolean incremental) {
    static final String RESULT_FORMAT = "result_format";
    static final String INCREMENTAL = "incremental_output";
    private static final String PARTS = "parts";

    static Wishes of(ClientView view) {
        String format =
                view.extensions().getOrDefault(RESULT_FORMAT, Json.none()).text("message");
        return new Wishes(
                format.equals("text"),
                format.equals(PARTS),
                view.extensions().getOrDefault(INCREMENTAL, Json.none()).isTrue());
    }

    /** What a request says of its stream. What it leaves out differs from model to model. */
    static Mode mode(byte[] request) {
        JsonScanner scanner = new JsonScanner().reset(request, 0, request.length);
        if (!scanner.enter()) return Mode.UNCERTAIN;
        while (scanner.nextMember()) {
            if (!scanner.name().equals("parameters") || !scanner.enter()) continue;
            while (scanner.nextMember()) {
                if (!scanner.name().equals(INCREMENTAL)) continue;
                return switch (scanner.type()) {
                    case TRUE -> Mode.PIECES;
                    case FALSE -> Mode.WHOLE;
                    case NULL, NUMBER, STRING, OBJECT, ARRAY, INVALID -> Mode.UNCERTAIN;
                };
            }
        }
        return Mode.UNCERTAIN;
    }

    /** Clients that send parts get parts; a text is the form of those that say nothing and bring no tools. */
    static String resultFormat(Json parameters, boolean parts) {
        if (parts) return PARTS;
        boolean tools = !parameters.get("tools").items().isEmpty();
        return tools ? "message" : parameters.get(RESULT_FORMAT).text("text");
    }

    Json content(String text) {
        if (!parts) return Json.of(text);
        return text.isEmpty()
                ? Json.texts(List.of())
                : Json.array(List.of(Json.object().put("text", text).build()));
    }
}
