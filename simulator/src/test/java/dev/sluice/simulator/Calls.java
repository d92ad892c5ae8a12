package dev.sluice.simulator;

import dev.sluice.simulator.voice.Cues;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Requests that many tests need. */
final class Calls {
    static final String CHAT = "/v1/chat/completions";
    static final String RESPONSES = "/v1/responses";

    static final Cues NO_CUES = new Cues() {
        @Override
        public @Nullable String header(String name) {
            return null;
        }

        @Override
        public @Nullable String parameter(String name) {
            return null;
        }
    };

    private Calls() {}

    static JsonObject chat(String model, String said) {
        return new JsonObject()
                .put("model", model)
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", said)));
    }

    static String plain(String model) {
        return chat(model, "hello world").encode();
    }

    static String stream(String model) {
        return chat(model, "hello world").put("stream", true).encode();
    }

    static JsonObject tool(String name, JsonObject parameters) {
        return new JsonObject()
                .put("type", "function")
                .put("function", new JsonObject().put("name", name).put("parameters", parameters));
    }

    static JsonObject schema(String json) {
        return new JsonObject(json);
    }
}
