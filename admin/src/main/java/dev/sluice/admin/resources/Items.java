package dev.sluice.admin.resources;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.JsonWriter;
import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Credential;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Price;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.Secret;
import dev.sluice.settings.Service;
import dev.sluice.settings.Stored;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Tree;
import dev.sluice.traffic.health.CircuitState;
import dev.sluice.traffic.health.KeyState;
import dev.sluice.traffic.health.NodeState;
import dev.sluice.traffic.health.ServiceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Shows resources as the admin API answers them: what is kept about them, then their fields. Never a stored secret. */
public final class Items {
    /** Fields that an item has and a document to write has not; ignored there, so that what was read can be sent back. */
    static final Set<String> ENVELOPE = Set.of("id", "version", "tenant", "owner", "createdAt", "updatedAt");

    private final Function<String, KeyState> keyState;
    private final Function<String, ServiceState> serviceState;

    /**
     * @param keyState how a provider key, by id, fares on this node
     * @param serviceState how a service, by id, fares on this node
     */
    public Items(Function<String, KeyState> keyState, Function<String, ServiceState> serviceState) {
        this.keyState = keyState;
        this.serviceState = serviceState;
    }

    /** Fields of a kind's items that its documents do not have. */
    static Set<String> readOnly(Kind kind) {
        return switch (kind) {
            case PROVIDER_KEY -> Set.of("secretSource", "runtime");
            case API_KEY -> Set.of("hint", "previousValidUntil");
            case PRICE -> Set.of("name");
            case SERVICE -> Set.of("runtime");
            case MODEL_API, CONSUMER_GROUP, CONSUMER -> Set.of();
        };
    }

    Map<String, @Nullable Object> show(Stored<?> stored) {
        Map<String, @Nullable Object> item = JsonWriter.object(
                "id", stored.id(),
                "version", stored.version(),
                "tenant", stored.tenant(),
                "owner", stored.owner().toString(),
                "createdAt", stored.createdAt(),
                "updatedAt", stored.updatedAt());
        if (stored.spec() instanceof Price price) item.put("name", price.name());
        if (Binder.write(stored.spec(), Form.SHOWN) instanceof Tree.Mapping fields)
            fields.entries().forEach((name, entry) -> item.put(name, entry.value()));
        if (stored.spec() instanceof ProviderKey key) {
            item.put("secretSource", source(key.secret()));
            item.put("runtime", runtime(stored.id()));
        }
        if (stored.spec() instanceof Service) item.put("runtime", shown(serviceState.apply(stored.id())));
        if (stored.spec() instanceof ApiKey key && key.credential() != null) {
            Credential credential = key.credential();
            item.put("hint", credential.hint());
            if (credential.previousValidUntil() != null)
                item.put("previousValidUntil", credential.previousValidUntil());
        }
        return item;
    }

    Answer answer(int status, Stored<?> stored) {
        return answer(status, stored, null);
    }

    /** @param secret that was just made and is shown this once */
    Answer answer(int status, Stored<?> stored, @Nullable String secret) {
        Map<String, @Nullable Object> item = show(stored);
        if (secret != null) item.put("secret", secret);
        return Answer.json(status, item).with("etag", "\"" + stored.version() + "\"");
    }

    private static String source(@Nullable Secret secret) {
        return switch (secret) {
            case null -> "none";
            case Secret.Literal _ -> "literal";
            case Secret.Reference reference -> reference.scheme();
        };
    }

    private static Map<String, @Nullable Object> shown(ServiceState state) {
        List<Map<String, @Nullable Object>> nodes = new ArrayList<>();
        for (NodeState node : state.nodes()) {
            Map<String, @Nullable Object> shown = JsonWriter.object(
                    "host", node.host(),
                    "address", node.address(),
                    "state", Binder.kebab(node.status().name()),
                    "callsInFlight", node.callsInFlight());
            if (node.ejectedUntilMillis() > 0)
                shown.put("ejectedUntil", Instant.ofEpochMilli(node.ejectedUntilMillis()));
            nodes.add(shown);
        }
        List<Map<String, @Nullable Object>> circuits = new ArrayList<>();
        for (CircuitState circuit : state.circuits()) {
            Map<String, @Nullable Object> shown = JsonWriter.object(
                    "key", circuit.key(),
                    "model", circuit.model(),
                    "state", Binder.kebab(circuit.status().name()),
                    "calls", circuit.calls(),
                    "failures", circuit.failures());
            if (circuit.openUntilMillis() > 0) shown.put("openUntil", Instant.ofEpochMilli(circuit.openUntilMillis()));
            circuits.add(shown);
        }
        return JsonWriter.object("nodes", nodes, "nodesProblem", state.nodesProblem(), "circuits", circuits);
    }

    private Map<String, @Nullable Object> runtime(String id) {
        KeyState state = keyState.apply(id);
        Map<String, @Nullable Object> runtime = JsonWriter.object(
                "state", Binder.kebab(state.status().name()),
                "calls", state.calls(),
                "failures", state.failures(),
                "lastError", state.lastError());
        if (state.restingUntilMillis() > 0)
            runtime.put("restingUntil", Instant.ofEpochMilli(state.restingUntilMillis()));
        return runtime;
    }
}
