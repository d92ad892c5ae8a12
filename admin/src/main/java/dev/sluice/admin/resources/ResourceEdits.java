package dev.sluice.admin.resources;

import dev.sluice.admin.api.Bodies;
import dev.sluice.admin.api.Edits;
import dev.sluice.admin.api.PublishedSettings;
import dev.sluice.admin.api.Refusal;
import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Author;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Owner;
import dev.sluice.settings.Price;
import dev.sluice.settings.Resource;
import dev.sluice.settings.Secret;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Location;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The changes of single resources, each in one transaction: what stands in the way is found in there, against the newest settings. */
public final class ResourceEdits {
    private static final int SHORTEST_SECRET = 8;
    private static final int LONGEST_SECRET = 256;

    private final PublishedSettings settings;
    private final Editor editor;
    private final Items items;
    private final InstantSource clock;

    public ResourceEdits(PublishedSettings settings, Editor editor, Items items, InstantSource clock) {
        this.settings = settings;
        this.editor = editor;
        this.items = items;
        this.clock = clock;
    }

    /**
     * A resource as a change has left it.
     *
     * @param secret to be shown once; null where none was made
     */
    record Outcome(Stored<?> stored, @Nullable String secret) {}

    /** A resource by id or name; a name is looked for in the default tenant. */
    static Stored<?> find(Settings current, Kind kind, String idOrName) {
        Optional<Stored<?>> byId =
                idOrName.startsWith(kind.idPrefix() + "_") ? current.findById(kind, idOrName) : Optional.empty();
        return byId.or(() -> current.find(kind, Settings.DEFAULT_TENANT, idOrName))
                .orElseThrow(() -> Refusal.notFound("no " + kind.label() + " " + Messages.quote(idOrName)));
    }

    Outcome create(Author author, Kind kind, Tree.Mapping body) {
        String tenant = body.get("tenant") instanceof Tree.Scalar given ? given.text() : Settings.DEFAULT_TENANT;
        Declaration declaration = declaration(tenant, kind, document(kind, body));
        String name = declaration.resources().getFirst().spec().name();
        return change(author, current -> {
            if (current.find(kind, tenant, name).isPresent()) throw taken(kind, name);
            Edit.Accepted edit = Edits.accepted(editor.apply(current, declaration, Owner.API, false));
            return new Step(edit.settings(), outcome(edit.settings(), kind, tenant, name, edit, declaration));
        });
    }

    /**
     * Changes one resource.
     *
     * @param document the whole resource as it should be, made of how it is
     */
    Outcome update(
            Author author, Kind kind, String idOrName, OptionalLong version, Function<Stored<?>, Tree> document) {
        return change(author, current -> {
            Stored<?> before = find(current, kind, idOrName);
            checkVersion(kind, before, version);
            checkOwner(kind, before);
            Declaration declaration = declaration(before.tenant(), kind, document(kind, document.apply(before)));
            Resource spec = declaration.resources().getFirst().spec();
            boolean rename = !spec.name().equals(before.spec().name());
            Settings renamed = rename ? rename(current, kind, before, spec) : current;
            Edit.Accepted edit = Edits.accepted(editor.apply(renamed, declaration, Owner.API, false));
            Settings after = edit.settings();
            Stored<?> now = stored(after, kind, before.tenant(), spec.name());
            // Nothing but the name has changed: the editor saw no difference.
            if (rename && now.version() == before.version()) after = after.put(touched(now));
            return new Step(after, outcome(after, kind, before.tenant(), spec.name(), edit, declaration));
        });
    }

    /** @param force deletes an API key even while it is enabled */
    void delete(Author author, Kind kind, String idOrName, OptionalLong version, boolean force) {
        settings.change(author, current -> {
            Stored<?> before = deletable(current, kind, idOrName, version, force);
            return Edits.accepted(editor.delete(
                            current, kind, before.tenant(), before.spec().name(), Owner.API))
                    .settings();
        });
    }

    /**
     * The resource, if nothing stands in the way of deleting it.
     *
     * @throws Refusal that says what does
     */
    Stored<?> deletable(Settings current, Kind kind, String idOrName, OptionalLong version, boolean force) {
        Stored<?> before = find(current, kind, idOrName);
        checkVersion(kind, before, version);
        checkOwner(kind, before);
        if (!force && before.spec() instanceof ApiKey key && key.enabled())
            throw Refusal.conflict(
                    "key_enabled",
                    "API key " + Messages.quote(key.name())
                            + " is enabled; disable it first, or delete it with force=true");
        List<Settings.Dependent> dependents =
                current.dependents(kind, before.tenant(), before.spec().name());
        if (!dependents.isEmpty()) throw inUse(kind, before, dependents, "deleted");
        return before;
    }

    /** One transaction of the API keys' own kind: a change that is no new document. */
    Outcome edit(Author author, Kind kind, String idOrName, Function<Target, Edit> change) {
        return change(author, current -> {
            Stored<?> before = find(current, kind, idOrName);
            checkOwner(kind, before);
            Edit.Accepted edit = Edits.accepted(change.apply(new Target(current, before)));
            return new Step(
                    edit.settings(),
                    outcome(
                            edit.settings(),
                            kind,
                            before.tenant(),
                            before.spec().name(),
                            edit,
                            null));
        });
    }

    /** What an edit is about. */
    record Target(Settings current, Stored<?> stored) {}

    private record Step(Settings after, Outcome outcome) {}

    private Outcome change(Author author, Function<Settings, Step> edit) {
        AtomicReference<@Nullable Outcome> last = new AtomicReference<>();
        settings.change(author, current -> {
            Step step = edit.apply(current);
            last.set(step.outcome());
            return step.after();
        });
        Outcome outcome = last.get();
        if (outcome == null) throw new IllegalStateException("the repository did not run the edit");
        return outcome;
    }

    private static Outcome outcome(
            Settings after,
            Kind kind,
            String tenant,
            String name,
            Edit.Accepted edit,
            @Nullable Declaration declaration) {
        String secret = edit.issued().stream()
                .filter(issued -> issued.apiKey().equals(name))
                .map(Edit.Issued::secret)
                .findFirst()
                .orElse(null);
        if (secret == null
                && declaration != null
                && declaration.resources().getFirst().spec() instanceof ApiKey key
                && key.secret() instanceof Secret.Literal given) secret = given.value();
        return new Outcome(stored(after, kind, tenant, name), secret);
    }

    private static Stored<?> stored(Settings after, Kind kind, String tenant, String name) {
        return after.find(kind, tenant, name)
                .orElseThrow(() -> new IllegalStateException("the edit lost " + kind.label() + " " + name));
    }

    /** What was sent without what is not for the caller to say. */
    private static Tree document(Kind kind, Tree body) {
        if (!(body instanceof Tree.Mapping mapping)) return body;
        Map<String, Tree.Entry> entries = new LinkedHashMap<>(mapping.entries());
        Set<String> ignored = Items.readOnly(kind);
        entries.keySet().removeIf(key -> Items.ENVELOPE.contains(key) || ignored.contains(key));
        return new Tree.Mapping(mapping.at(), entries);
    }

    private static Declaration declaration(String tenant, Kind kind, Tree document) {
        Declaration declaration = Declaration.of(tenant, kind, document);
        if (!declaration.problems().isEmpty()) throw Bodies.refusal(declaration.problems());
        if (declaration.resources().getFirst().spec() instanceof ApiKey key
                && key.secret() instanceof Secret.Literal secret) {
            int length = secret.value().length();
            if (length < SHORTEST_SECRET || length > LONGEST_SECRET)
                throw Refusal.invalid(
                        "secret",
                        "secret of " + length + " characters (expected: " + SHORTEST_SECRET + " to " + LONGEST_SECRET
                                + "; left out, it is generated)");
        }
        return declaration;
    }

    /** The settings with the resource under its new name and otherwise as it was. */
    private static Settings rename(Settings current, Kind kind, Stored<?> before, Resource wanted) {
        String name = wanted.name();
        List<Settings.Dependent> dependents =
                current.dependents(kind, before.tenant(), before.spec().name());
        if (!dependents.isEmpty()) throw inUse(kind, before, dependents, "renamed");
        if (current.find(kind, before.tenant(), name).isPresent()) throw taken(kind, name);
        return current.remove(kind, before.tenant(), before.spec().name())
                .put(with(before, wanted instanceof Price ? wanted : named(before.spec(), name)));
    }

    private static Resource named(Resource spec, String name) {
        Map<String, Tree.Entry> entries = new LinkedHashMap<>(
                Binder.write(spec, Form.STORED) instanceof Tree.Mapping mapping ? mapping.entries() : Map.of());
        entries.put("name", new Tree.Entry(Location.NONE, Tree.text(name)));
        Problems problems = new Problems();
        return Binder.read(Kind.of(spec).type(), new Tree.Mapping(Location.NONE, entries), Form.STORED, "", problems)
                .orElseThrow(() -> Bodies.refusal(problems.list()));
    }

    private static <T extends Resource> Stored<T> with(Stored<?> stored, T spec) {
        return new Stored<>(
                stored.id(),
                stored.tenant(),
                stored.version(),
                stored.owner(),
                stored.createdAt(),
                stored.updatedAt(),
                spec);
    }

    private <T extends Resource> Stored<T> touched(Stored<T> stored) {
        return new Stored<>(
                stored.id(),
                stored.tenant(),
                stored.version() + 1,
                stored.owner(),
                stored.createdAt(),
                clock.instant(),
                stored.spec());
    }

    private void checkVersion(Kind kind, Stored<?> before, OptionalLong version) {
        if (version.isEmpty() || version.getAsLong() == before.version()) return;
        throw Refusal.conflict(
                        "stale_version",
                        kind.label() + " " + Messages.quote(before.spec().name()) + " is at version " + before.version()
                                + " (your change starts from " + version.getAsLong()
                                + "); read it again and repeat the change")
                .with("current", items.show(before))
                .withHeader("etag", "\"" + before.version() + "\"");
    }

    private static void checkOwner(Kind kind, Stored<?> before) {
        if (before.owner() == Owner.FILE)
            throw Refusal.conflict(
                    "file_owned",
                    kind.label() + " " + Messages.quote(before.spec().name())
                            + " is owned by the file that the gateway was started with; change it there");
    }

    private static Refusal inUse(Kind kind, Stored<?> before, List<Settings.Dependent> dependents, String what) {
        Settings.Dependent first = dependents.getFirst();
        return Refusal.conflict(
                        "in_use",
                        kind.label() + " " + Messages.quote(before.spec().name()) + " cannot be " + what + ": "
                                + first.kind().label() + " " + Messages.quote(first.name()) + " refers to it in "
                                + first.path()
                                + (dependents.size() == 1 ? "" : ", and " + (dependents.size() - 1) + " more do"))
                .with("dependencies", Edits.dependencies(dependents));
    }

    private static Refusal taken(Kind kind, String name) {
        return Refusal.conflict("name_taken", "there is a " + kind.label() + " " + Messages.quote(name) + " already");
    }
}
