package dev.sluice.protocol.openai;

import dev.sluice.protocol.chat.Steps;
import dev.sluice.protocol.json.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls of tools together from fragments. A fragment belongs to a call by its index; vendors leave the index out, put every call
 * at index 0 with an id of its own, repeat id and name, or send the arguments before the name.
 */
final class CallFragments {
    private static final class Call {
        private String id;
        private String name = "";
        private @Nullable String signature;
        private final StringBuilder early = new StringBuilder();
        private int number = -1;

        private Call(String id) {
            this.id = id;
        }
    }

    private final Map<Long, Call> byIndex = new HashMap<>();
    private long newest = -1;

    boolean any() {
        return !byIndex.isEmpty();
    }

    void fragment(Json fragment, Steps steps) {
        Json function = fragment.get("function");
        String id = fragment.get("id").text("");
        Call call = call(fragment.get("index"), id, steps);
        if (call.id.isEmpty()) call.id = id;
        if (call.name.isEmpty()) call.name = function.get("name").text("");
        String signature = fragment.get("extra_content")
                .get("google")
                .get("thought_signature")
                .text();
        if (signature != null) call.signature = signature;
        Json arguments = function.get("arguments");
        String text = arguments.isObject() ? arguments.toJson() : arguments.text("");
        if (call.number < 0) {
            call.early.append(text);
            if (!call.name.isEmpty()) begin(call, steps);
        } else {
            steps.arguments(call.number, text);
        }
    }

    private Call call(Json index, String id, Steps steps) {
        long at = index.isNumber() ? index.integer(0) : id.isEmpty() ? Math.max(0, newest) : find(id);
        Call known = byIndex.get(at);
        boolean other = known != null && !id.isEmpty() && !known.id.isEmpty() && !known.id.equals(id);
        if (known != null && !other) return known;
        if (known != null && known.number < 0) begin(known, steps);
        Call call = new Call(id);
        byIndex.put(at, call);
        newest = Math.max(newest, at);
        return call;
    }

    private long find(String id) {
        for (Map.Entry<Long, Call> call : byIndex.entrySet()) {
            if (call.getValue().id.equals(id)) return call.getKey();
        }
        return newest + 1;
    }

    private static void begin(Call call, Steps steps) {
        String id = call.id.isEmpty() ? "call_" + steps.calls() : call.id;
        call.number = steps.call(id, call.name, call.signature);
        steps.arguments(call.number, call.early.toString());
    }

    /** Calls whose name never came are calls nevertheless. */
    void end(Steps steps) {
        for (Call call : byIndex.values()) {
            if (call.number < 0) begin(call, steps);
        }
    }
}
