package dev.sluice.admin.resources;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.Bodies;
import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.JsonWriter;
import dev.sluice.admin.api.PublishedSettings;
import dev.sluice.admin.api.Refusal;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Owner;
import dev.sluice.settings.Service;
import dev.sluice.settings.Stored;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Ref;
import dev.sluice.settings.binding.Tree;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The operations that only some kinds of resources have. */
public final class ActionHandlers {
    private final PublishedSettings settings;
    private final ResourceEdits edits;
    private final Editor editor;
    private final Items items;
    private final Consumer<String> reinstate;
    private final ConnectionTest connectionTest;

    /** @param reinstate takes a provider key, by id, back into use */
    public ActionHandlers(
            PublishedSettings settings,
            ResourceEdits edits,
            Editor editor,
            Items items,
            Consumer<String> reinstate,
            ConnectionTest connectionTest) {
        this.settings = settings;
        this.edits = edits;
        this.editor = editor;
        this.items = items;
        this.reinstate = reinstate;
        this.connectionTest = connectionTest;
    }

    /** By operationId. */
    public Map<String, Handler> handlers() {
        return Map.of(
                "reinstateProviderKey", this::reinstate,
                "rotateApiKey", this::rotate,
                "enableApiKey", call -> enable(call, true),
                "disableApiKey", call -> enable(call, false),
                "unbindModelApi", this::unbind,
                "testService", this::test);
    }

    private Answer reinstate(Call call) {
        Stored<?> key = ResourceEdits.find(settings.current(), Kind.PROVIDER_KEY, call.pathParameter("id"));
        reinstate.accept(key.id());
        return items.answer(200, key);
    }

    private Answer rotate(Call call) {
        Duration grace = Duration.ofSeconds(Bodies.read(call, Rotation.class).graceSeconds());
        ResourceEdits.Outcome rotated = edits.edit(
                call.author(),
                Kind.API_KEY,
                call.pathParameter("id"),
                target -> editor.rotate(
                        target.current(),
                        target.stored().tenant(),
                        target.stored().spec().name(),
                        grace,
                        Owner.API));
        return items.answer(200, rotated.stored(), rotated.secret());
    }

    private Answer enable(Call call, boolean enabled) {
        ResourceEdits.Outcome outcome = edits.update(
                call.author(),
                Kind.API_KEY,
                call.pathParameter("id"),
                OptionalLong.empty(),
                before -> with(Binder.write(before.spec(), Form.SHOWN), "enabled", Tree.flag(enabled)));
        return items.answer(200, outcome.stored());
    }

    private Answer unbind(Call call) {
        String service = Bodies.read(call, Unbinding.class).confirmName();
        ResourceEdits.Outcome outcome =
                edits.update(call.author(), Kind.MODEL_API, call.pathParameter("id"), OptionalLong.empty(), before -> {
                    checkBound(before, service);
                    Tree shown = Binder.write(before.spec(), Form.SHOWN);
                    Tree distribution = without(child(shown, "distribution"), "targets", service);
                    Tree fallback = without(child(shown, "fallback"), "steps", service);
                    return with(with(shown, "distribution", distribution), "fallback", fallback);
                });
        return items.answer(200, outcome.stored());
    }

    private static void checkBound(Stored<?> api, String service) {
        TreeSet<String> bound = new TreeSet<>();
        for (Ref ref : Binder.references(api.spec())) if (ref.list().equals(Kind.SERVICE.list())) bound.add(ref.name());
        if (!bound.contains(service))
            throw Refusal.invalid(
                    "confirmName",
                    "Model API " + Messages.quote(api.spec().name()) + " is not bound to a service "
                            + Messages.quote(service)
                            + (bound.isEmpty()
                                    ? " nor to any other"
                                    : " (expected: " + String.join(" or ", bound) + ")"));
    }

    private Answer test(Call call) {
        Stored<?> service = ResourceEdits.find(settings.current(), Kind.SERVICE, call.pathParameter("id"));
        ConnectionTestRequest request = Bodies.read(call, ConnectionTestRequest.class);
        String key = request.key();
        if (key != null
                && service.spec() instanceof Service spec
                && !spec.keys().contains(key))
            throw Refusal.invalid(
                    "key",
                    Messages.quote(key) + " is no key of service " + Messages.quote(spec.name()) + " (expected: "
                            + (spec.keys().isEmpty() ? "none, it has no keys" : String.join(" or ", spec.keys()))
                            + ")");
        ConnectionTest.Result result =
                connectionTest.run(service.tenant(), service.spec().name(), request.model(), key);
        return Answer.json(
                200,
                JsonWriter.object(
                        "success", result.success(),
                        "latencyMs", result.latencyMillis(),
                        "status", result.status(),
                        "model", result.model(),
                        "cause", result.cause()));
    }

    private static Tree child(Tree tree, String key) {
        Tree child = tree instanceof Tree.Mapping mapping ? mapping.get(key) : null;
        return child == null ? Tree.mapping(Map.of()) : child;
    }

    private static Tree with(Tree tree, String key, @Nullable Tree value) {
        Map<String, Tree> values = new LinkedHashMap<>();
        if (tree instanceof Tree.Mapping mapping)
            mapping.entries().forEach((name, entry) -> values.put(name, entry.value()));
        if (value != null) values.put(key, value);
        return Tree.mapping(values);
    }

    /** The mapping with those items of a list left out that name the service. */
    private static Tree without(Tree tree, String list, String service) {
        if (!(child(tree, list) instanceof Tree.Listing listing)) return tree;
        List<Tree> kept = listing.items().stream()
                .filter(item -> !(child(item, "service") instanceof Tree.Scalar name
                        && name.text().equals(service)))
                .toList();
        return with(tree, list, Tree.listing(kept));
    }
}
