package dev.sluice.admin.resources;

import dev.sluice.admin.api.Answer;
import dev.sluice.admin.api.Bodies;
import dev.sluice.admin.api.Call;
import dev.sluice.admin.api.Edits;
import dev.sluice.admin.api.Handler;
import dev.sluice.admin.api.JsonWriter;
import dev.sluice.admin.api.Listing;
import dev.sluice.admin.api.PublishedSettings;
import dev.sluice.admin.api.Refusal;
import dev.sluice.admin.contract.Contract;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Tree;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The operations that every kind of resource has. */
public final class ResourceHandlers {
    private final Kind kind;
    private final PublishedSettings settings;
    private final ResourceEdits edits;
    private final Items items;
    private final Listing<Stored<?>> listing;

    public ResourceHandlers(Kind kind, PublishedSettings settings, ResourceEdits edits, Items items) {
        this.kind = kind;
        this.settings = settings;
        this.edits = edits;
        this.items = items;
        this.listing = new Listing<>(
                ResourceSchemas.fields(kind).keySet(), stored -> stored.spec().name(), items::show);
    }

    /** By operationId. */
    public Map<String, Handler> handlers() {
        String type = Contract.type(kind);
        return Map.of(
                "list" + Contract.types(kind),
                        call -> listing.page(call, settings.current().all(kind)),
                "create" + type, this::create,
                "get" + type, call -> items.answer(200, found(call)),
                "replace" + type, this::replace,
                "patch" + type, this::patch,
                "delete" + type, this::delete,
                "get" + type + "Dependencies", this::dependencies);
    }

    private Answer create(Call call) {
        ResourceEdits.Outcome created = edits.create(call.author(), kind, Bodies.mapping(call));
        return items.answer(201, created.stored(), created.secret())
                .with(
                        "location",
                        "/admin/v1/" + kind.list() + "/" + created.stored().id());
    }

    private Answer replace(Call call) {
        Tree.Mapping body = Bodies.mapping(call);
        OptionalLong version = Versions.expected(call, body);
        if (version.isEmpty() && !call.header("if-match").orElse("").strip().equals("*"))
            throw Refusal.invalid(
                    "version",
                    "replacing needs the version that was read: If-Match: \"3\", or version: 3 in the body (PATCH does without)");
        return answer(edits.update(call.author(), kind, call.pathParameter("id"), version, _ -> body));
    }

    private Answer patch(Call call) {
        Tree.Mapping body = Bodies.mapping(call);
        return answer(edits.update(
                call.author(),
                kind,
                call.pathParameter("id"),
                Versions.expected(call, body),
                before -> MergePatch.apply(Binder.write(before.spec(), Form.SHOWN), body)));
    }

    private Answer answer(ResourceEdits.Outcome outcome) {
        return items.answer(200, outcome.stored(), outcome.secret());
    }

    private Answer delete(Call call) {
        String id = call.pathParameter("id");
        OptionalLong version = Versions.expected(call, null);
        if (call.flag("dryRun")) {
            edits.deletable(settings.current(), kind, id, version, call.flag("force"));
            return dependencies(List.of());
        }
        edits.delete(call.author(), kind, id, version, call.flag("force"));
        return Answer.nothing();
    }

    private Answer dependencies(Call call) {
        Settings current = settings.current();
        Stored<?> stored = ResourceEdits.find(current, kind, call.pathParameter("id"));
        return dependencies(Edits.dependencies(
                current.dependents(kind, stored.tenant(), stored.spec().name())));
    }

    private static Answer dependencies(List<Map<String, @Nullable Object>> dependencies) {
        return Answer.json(200, JsonWriter.object("items", dependencies, "total", dependencies.size()));
    }

    private Stored<?> found(Call call) {
        return ResourceEdits.find(settings.current(), kind, call.pathParameter("id"));
    }
}
