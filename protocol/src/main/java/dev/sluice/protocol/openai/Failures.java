package dev.sluice.protocol.openai;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.error.ErrorReader;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonScanner;
import org.jspecify.annotations.Nullable;

/** What the pass-through readers find in bytes, found in a tree: vendors' errors within a success, and usage. */
final class Failures {
    private static final long HTTP_OK = 200;

    private Failures() {}

    /** The error that an answer or a chunk tells; null if it is none. */
    static @Nullable UpstreamError of(Json object) {
        return isFailure(object) ? explain(object) : null;
    }

    static UpstreamError explain(Json object) {
        byte[] bytes = object.toBytes();
        return ErrorReader.explain(bytes, 0, bytes.length);
    }

    private static boolean isFailure(Json object) {
        if (isError(object.get("error"))) return true;
        if (object.get("object").text("").equals("error")) return true;
        if (object.get("base_resp").get("status_code").integer(0) != 0) return true;
        for (Json choice : object.get("choices").items()) {
            if (isError(choice.get("error"))) return true;
            if (choice.get("finish_reason").text("").equals("error")) return true;
        }
        Json code = object.get("code");
        if (code.isNumber()) return code.integer(0) != 0 && code.integer(0) != HTTP_OK;
        // A word as code is a failure only where there is no answer.
        String word = code.text("");
        return !word.isEmpty()
                && !word.equals("0")
                && !word.equals("200")
                && !object.get("choices").isArray();
    }

    private static boolean isError(Json error) {
        return switch (error) {
            case Json.Obj _, Json.Arr _ -> true;
            case Json.Bool(boolean told) -> told;
            case Json.Str(String text) -> !text.isEmpty();
            case Json.Num number -> number.integer(0) != 0;
            case Json.Null _ -> false;
        };
    }

    /** Usage wherever vendors put it; null if it is not told. */
    static @Nullable Usage usage(Json object) {
        Json usage = object.any("usage");
        if (!usage.isObject()) usage = object.get("x_groq").get("usage");
        if (!usage.isObject()) {
            for (Json choice : object.get("choices").items()) {
                if (choice.get("usage").isObject()) usage = choice.get("usage");
            }
        }
        if (!usage.isObject()) return null;
        byte[] bytes = usage.toBytes();
        return new UsageReader().read(new JsonScanner().reset(bytes, 0, bytes.length));
    }
}
