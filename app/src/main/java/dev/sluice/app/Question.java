package dev.sluice.app;

import dev.sluice.protocol.chat.Dialect.MaxTokensField;
import dev.sluice.settings.Capabilities;
import dev.sluice.settings.ModelPolicy;
import dev.sluice.settings.Operation;
import dev.sluice.settings.Service;
import dev.sluice.settings.Service.ServiceProtocol;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.settings.catalogue.Provider.ProviderKind;
import dev.sluice.settings.catalogue.Task;
import dev.sluice.upstreams.provider.ProviderCalls;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The cheapest call that a service can answer.
 *
 * @param path of an OpenAI client
 * @param model empty if none is known
 */
record Question(String path, String model, String body) {
    private static final int MAX_TOKENS = 16;

    /** @return null if the service offers nothing that is cheap to try */
    static @Nullable Question of(Service service, Provider provider, @Nullable String asked) {
        Offer offer = service.offerOf(provider);
        if (offer == null) return null;
        if (answers(offer, Operation.CHAT_COMPLETIONS)) {
            String model = model(service, provider, offer, Task.CHAT, asked);
            JsonObject body = new JsonObject()
                    .put(
                            "messages",
                            new JsonArray()
                                    .add(new JsonObject().put("role", "user").put("content", "ping")));
            boolean renamed = service.protocol() == ServiceProtocol.OPENAI
                    && ProviderCalls.dialect(provider, model).maxTokens() == MaxTokensField.MAX_COMPLETION_TOKENS;
            body.put(renamed ? "max_completion_tokens" : "max_tokens", MAX_TOKENS);
            return new Question(
                    "/v1/chat/completions", model, body.put("model", model).encode());
        }
        if (answers(offer, Operation.EMBEDDINGS)) {
            String model = model(service, provider, offer, Task.EMBEDDING, asked);
            return new Question(
                    "/v1/embeddings",
                    model,
                    new JsonObject().put("model", model).put("input", "ping").encode());
        }
        if (answers(offer, Operation.RERANK)) {
            String model = model(service, provider, offer, Task.RERANK, asked);
            JsonObject body = new JsonObject().put("model", model).put("query", "ping");
            return new Question(
                    "/v1/rerank",
                    model,
                    body.put("documents", new JsonArray().add("ping").add("pong"))
                            .encode());
        }
        return null;
    }

    /** What is only perhaps there is no test of the connection. */
    private static boolean answers(Offer offer, Operation operation) {
        return switch (Capabilities.of(offer, operation)) {
            case NATIVE, TRANSLATED -> true;
            case ESTIMATED, UNKNOWN, NONE -> false;
        };
    }

    private static String model(Service service, Provider provider, Offer offer, Task task, @Nullable String asked) {
        if (asked != null) return asked;
        ModelPolicy policy = service.modelPolicy();
        if (policy.defaultModel() != null) return policy.defaultModel();
        for (String allowed : policy.allowedModels()) {
            if (allowed.indexOf('*') < 0 && allowed.indexOf('?') < 0) return allowed;
        }
        // An agent has its models behind it; the name says only who is asked.
        if (provider.kind() == ProviderKind.AGENT) return service.name();
        boolean talks = answers(offer, Operation.CHAT_COMPLETIONS);
        for (String preset : provider.models()) {
            Task likely = taskOf(preset);
            if (likely == Task.CHAT && !talks) likely = Task.EMBEDDING;
            if (task == likely) return preset;
        }
        return "";
    }

    /** What a model is for, by the habits of naming them. */
    private static Task taskOf(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("rerank")) return Task.RERANK;
        return name.contains("embed") || name.contains("bge-") ? Task.EMBEDDING : Task.CHAT;
    }
}
