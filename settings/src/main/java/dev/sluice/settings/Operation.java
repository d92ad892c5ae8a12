package dev.sluice.settings;

import java.util.List;

/** What a route does. The path is the part behind the version segment, which is what a provider's base URL already ends in. */
public enum Operation {
    CHAT_COMPLETIONS("/chat/completions"),
    COMPLETIONS("/completions"),
    RESPONSES("/responses"),
    EMBEDDINGS("/embeddings"),
    /** The models that this caller may call; answered by the gateway. */
    MODELS("/models"),
    /** Forwarded as it is: no model is read, no usage is known. */
    OPAQUE("");

    private final String path;

    Operation(String path) {
        this.path = path;
    }

    /** Path below the provider's base URL, empty for {@link #OPAQUE}. */
    public String path() {
        return path;
    }

    /** The preset routes of a use case in a protocol; empty where every path is taken. */
    public static List<String> presets(UseCase useCase, Protocol protocol) {
        return switch (protocol) {
            case ANY -> List.of();
            case OPENAI ->
                switch (useCase) {
                    case TEXT_GENERATION ->
                        List.of("/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/models");
                    case EMBEDDING -> List.of("/v1/embeddings");
                    case OTHERS -> List.of();
                };
        };
    }

    /** The operation of a route by the longest known ending of its path. */
    public static Operation ofPath(String path) {
        Operation best = OPAQUE;
        for (Operation o : values()) {
            if (o != OPAQUE && path.endsWith(o.path) && o.path.length() > best.path.length()) best = o;
        }
        return best;
    }
}
