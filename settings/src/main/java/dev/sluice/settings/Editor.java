package dev.sluice.settings;

import dev.sluice.settings.Declaration.Declared;
import dev.sluice.settings.Declaration.Unread;
import dev.sluice.settings.Edit.Action;
import dev.sluice.settings.Edit.Change;
import dev.sluice.settings.Edit.Issued;
import dev.sluice.settings.Edit.Reason;
import dev.sluice.settings.SecretResolver.Resolution;
import dev.sluice.settings.Settings.Dependent;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Difference;
import dev.sluice.settings.binding.FieldPath;
import dev.sluice.settings.binding.Location;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.catalogue.Catalogue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Works out what a declaration makes of the settings. Changes nothing itself: the same call serves a dry run. May be called
 * again with newer settings, as a repository does in a transaction that has to be repeated.
 */
public final class Editor {
    private final Catalogue catalogue;
    private final SecretResolver secrets;
    private final Ids ids;
    private final InstantSource clock;
    private final boolean patient;

    /** @param random for ids and secrets: must not be guessable outside of tests */
    public Editor(Catalogue catalogue, SecretResolver secrets, RandomGenerator random, InstantSource clock) {
        this(catalogue, secrets, new Ids(random, clock), clock, false);
    }

    private Editor(Catalogue catalogue, SecretResolver secrets, Ids ids, InstantSource clock, boolean patient) {
        this.catalogue = catalogue;
        this.secrets = secrets;
        this.ids = ids;
        this.clock = clock;
        this.patient = patient;
    }

    /** One to which an API key is no problem whose file or vault fails, if it had a secret before: it keeps that. */
    public Editor patient() {
        return new Editor(catalogue, secrets, ids, clock, true);
    }

    private record Written(Stored<?> stored, Declared declared) {}

    /** One edit on its way: what was found out so far. */
    private record Draft(
            Settings before,
            Owner owner,
            Instant now,
            List<Written> written,
            List<Change> changes,
            List<Issued> issued,
            List<Problem> invalid,
            List<Problem> fileOwned,
            List<Problem> inUse) {
        Draft(Settings before, Owner owner, Instant now) {
            this(
                    before,
                    owner,
                    now,
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }

        Edit outcome(Settings after) {
            Reason reason =
                    !invalid.isEmpty() ? Reason.INVALID : !fileOwned.isEmpty() ? Reason.FILE_OWNED : Reason.IN_USE;
            List<Problem> problems = new ArrayList<>(invalid);
            problems.addAll(fileOwned);
            problems.addAll(inUse);
            return problems.isEmpty() ? new Edit.Accepted(after, changes, issued) : new Edit.Refused(reason, problems);
        }
    }

    /**
     * Creates and updates what is declared.
     *
     * @param owner on whose behalf: the admin API may not touch what a file owns; a file takes over what the API owns
     * @param prune also deletes what the same owner owns and the declaration does not name. The API prunes the tenants
     *     that the declaration speaks of; a file, being the whole truth of its owner, all tenants
     */
    public Edit apply(Settings current, Declaration declaration, Owner owner, boolean prune) {
        if (!declaration.problems().isEmpty()) return refuse(current, declaration, owner);
        Draft draft = new Draft(current, owner, clock.instant());
        writeAll(declaration, draft);
        Map<Kind, Set<Settings.Key>> named = new LinkedHashMap<>();
        for (Declared declared : declaration.resources()) {
            named.computeIfAbsent(Kind.of(declared.spec()), k -> new HashSet<>())
                    .add(declared.key());
        }
        List<Stored<?>> pruned = new ArrayList<>();
        if (prune) {
            for (Kind kind : Kind.values()) {
                for (Stored<?> stored : current.byKey(kind).values()) {
                    boolean ours = stored.owner() == owner
                            && (owner == Owner.FILE || declaration.tenants().contains(stored.tenant()));
                    boolean kept = named.getOrDefault(kind, Set.of()).contains(Settings.Key.of(stored));
                    if (ours && !kept) pruned.add(stored);
                }
            }
        }
        Settings after = current.removeAll(pruned)
                .putAll(draft.written().stream().map(Written::stored).toList());
        checkWritten(new Rules(after, catalogue, current), after, draft);
        delete(pruned, after, draft);
        return draft.outcome(after);
    }

    /** What is wrong with a declaration that cannot be read in full: also what could be told only afterwards. */
    private Edit refuse(Settings current, Declaration declaration, Owner owner) {
        Draft draft = new Draft(current, owner, clock.instant());
        writeAll(declaration, draft);
        // What a resource that cannot be read was before says nothing about what it shall be.
        Settings after = current.removeAll(declaration.unread().stream()
                        .flatMap(u -> current.find(u.kind(), u.tenant(), u.name()).stream())
                        .toList())
                .putAll(draft.written().stream().map(Written::stored).toList());
        Rules rules = new Rules(after, catalogue, declaration);
        checkWritten(rules, after, draft);
        for (Unread unread : declaration.unread()) {
            rules.checkUnread(unread, (path, message) -> draft.invalid().add(unread.problem(path, message)));
            checkSecret(unread, draft);
        }
        record Place(String file, int line, String path) {
            static Place of(Problem problem) {
                return new Place(problem.file(), problem.line(), problem.path());
            }
        }
        Set<Place> told = declaration.problems().stream().map(Place::of).collect(Collectors.toSet());
        List<Problem> problems = new ArrayList<>(declaration.problems());
        draft.invalid().stream().filter(p -> !told.contains(Place.of(p))).forEach(problems::add);
        problems.addAll(draft.fileOwned());
        return new Edit.Refused(Reason.INVALID, problems);
    }

    private void checkSecret(Unread unread, Draft draft) {
        if (unread.kind() != Kind.API_KEY
                || !(unread.tree() instanceof Tree.Mapping mapping)
                || !(mapping.get("secret") instanceof Tree.Scalar secret)) return;
        try {
            if (secrets.resolve(Secret.parse(secret.text())) instanceof Resolution.Missing missing) {
                draft.invalid().add(unread.problem("secret", missing.reason()));
            }
        } catch (IllegalArgumentException _) {
            // What is no secret at all was told when it was read.
        }
    }

    private void writeAll(Declaration declaration, Draft draft) {
        Set<Settings.Target> named = new HashSet<>();
        for (Declared declared : declaration.resources()) {
            Kind kind = Kind.of(declared.spec());
            String name = declared.spec().name();
            if (named.add(new Settings.Target(kind, declared.tenant(), name))) write(declared, kind, draft);
            else
                draft.invalid()
                        .add(declared.problem(
                                kind == Kind.PRICE ? "" : "name", Messages.quote(name) + " is declared twice"));
        }
    }

    /** Deletes one resource that nothing else refers to. */
    public Edit delete(Settings current, Kind kind, String tenant, String name, Owner owner) {
        Draft draft = new Draft(current, owner, clock.instant());
        Optional<Stored<?>> stored = current.find(kind, tenant, name);
        if (stored.isEmpty()) return notFound(kind, name);
        refuseFileOwned(kind, stored.get(), owner, null, draft);
        Settings after = current.remove(kind, tenant, name);
        delete(List.of(stored.get()), after, draft);
        return draft.outcome(after);
    }

    /**
     * Gives an API key a new secret.
     *
     * @param grace how long the secret it had stays good; zero = not at all
     */
    public Edit rotate(Settings current, String tenant, String name, Duration grace, Owner owner) {
        Draft draft = new Draft(current, owner, clock.instant());
        Optional<Stored<ApiKey>> found = current.find(ApiKey.class, tenant, name);
        if (found.isEmpty()) return notFound(Kind.API_KEY, name);
        Stored<ApiKey> stored = found.get();
        refuseFileOwned(Kind.API_KEY, stored, owner, null, draft);
        String secret = ids.secret();
        Credential fresh = Credential.of(secret);
        Credential old = stored.spec().credential();
        Credential credential = old == null || grace.isZero() || grace.isNegative()
                ? fresh
                : new Credential(
                        fresh.hash(), fresh.hint(), old.hash(), draft.now().plus(grace));
        draft.issued().add(new Issued(tenant, name, secret));
        Stored<?> next = updated(stored, stored.spec().with(credential), draft);
        draft.changes().add(change(Action.UPDATE, Kind.API_KEY, stored, next));
        return draft.outcome(current.put(next));
    }

    private static Edit notFound(Kind kind, String name) {
        return new Edit.Refused(
                Reason.NOT_FOUND,
                List.of(new Problem(Location.NONE, "", "no " + kind.label() + " " + Messages.quote(name))));
    }

    private void write(Declared declared, Kind kind, Draft draft) {
        Stored<?> existing = draft.before()
                .find(kind, declared.tenant(), declared.spec().name())
                .orElse(null);
        Resource spec = switch (declared.spec()) {
            case ApiKey key -> withCredential(key, existing, declared, draft);
            case ProviderKey key -> withSecret(key, existing, declared, draft);
            case Service s -> s;
            case ModelApi a -> a;
            case Consumer c -> c;
            case ConsumerGroup g -> g;
            case Price p -> p;
        };
        if (existing == null) {
            Stored<?> created =
                    new Stored<>(ids.next(kind), declared.tenant(), 1, draft.owner(), draft.now(), draft.now(), spec);
            draft.written().add(new Written(created, declared));
            draft.changes()
                    .add(new Change(Action.CREATE, kind, declared.tenant(), spec.name(), created.id(), List.of()));
            return;
        }
        if (existing.spec().equals(spec) && (existing.owner() == draft.owner() || draft.owner() == Owner.API)) {
            draft.changes()
                    .add(new Change(Action.UNCHANGED, kind, declared.tenant(), spec.name(), existing.id(), List.of()));
            return;
        }
        refuseFileOwned(kind, existing, draft.owner(), declared, draft);
        Stored<?> next = updated(existing, spec, draft);
        draft.written().add(new Written(next, declared));
        draft.changes().add(change(Action.UPDATE, kind, existing, next));
    }

    private static Stored<?> updated(Stored<?> existing, Resource spec, Draft draft) {
        return new Stored<>(
                existing.id(),
                existing.tenant(),
                existing.version() + 1,
                draft.owner(),
                existing.createdAt(),
                draft.now(),
                spec);
    }

    private static Change change(Action action, Kind kind, Stored<?> before, Stored<?> after) {
        List<Difference> differences = new ArrayList<>(Binder.differences(before.spec(), after.spec()));
        if (before.owner() != after.owner())
            differences.add(new Difference(
                    "owner", before.owner().toString(), after.owner().toString()));
        return new Change(action, kind, before.tenant(), before.spec().name(), before.id(), differences);
    }

    private static void refuseFileOwned(
            Kind kind, Stored<?> existing, Owner owner, @Nullable Declared declared, Draft draft) {
        if (existing.owner() != Owner.FILE || owner != Owner.API) return;
        String message = kind.label() + " " + Messages.quote(existing.spec().name())
                + " is declared in a file and can only be changed there";
        draft.fileOwned()
                .add(declared == null ? new Problem(Location.NONE, "", message) : declared.problem("", message));
    }

    /** The key with what is kept of its secret: the one it had, unless another one is declared. */
    private ApiKey withCredential(ApiKey key, @Nullable Stored<?> existing, Declared declared, Draft draft) {
        Credential old = existing != null && existing.spec() instanceof ApiKey before ? before.credential() : null;
        if (key.secret() == null) {
            if (old != null) return key.with(old);
            String secret = ids.secret();
            draft.issued().add(new Issued(declared.tenant(), key.name(), secret));
            return key.with(Credential.of(secret));
        }
        return switch (secrets.resolve(key.secret())) {
            case Resolution.Found found -> {
                Credential fresh = Credential.of(found.value());
                yield key.with(old != null && old.hash().equals(fresh.hash()) ? old : fresh);
            }
            case Resolution.Missing missing -> {
                if (patient && old != null && !isOfEnvironment(key.secret())) yield key.with(old);
                draft.invalid().add(declared.problem("secret", missing.reason()));
                yield key;
            }
        };
    }

    private static boolean isOfEnvironment(Secret secret) {
        return secret instanceof Secret.Reference reference
                && reference.scheme().equals("env");
    }

    private static ProviderKey withSecret(
            ProviderKey key, @Nullable Stored<?> existing, Declared declared, Draft draft) {
        if (key.secret() != null) return key;
        Secret old = existing != null && existing.spec() instanceof ProviderKey before ? before.secret() : null;
        if (old == null)
            draft.invalid()
                    .add(
                            declared.problem(
                                    "secret",
                                    "required by a new provider key (expected: the secret, env:NAME, file:PATH or vault:PATH#FIELD)"));
        return key.with(old);
    }

    private static void checkWritten(Rules rules, Settings after, Draft draft) {
        Set<Settings.Key> keys = new HashSet<>();
        Set<Settings.Key> services = new HashSet<>();
        for (Written written : draft.written()) {
            Stored<?> stored = written.stored();
            if (stored.spec() instanceof ProviderKey) keys.add(Settings.Key.of(stored));
            if (stored.spec() instanceof Service) services.add(Settings.Key.of(stored));
            rules.checkAmongOthers(
                    stored,
                    (path, message) -> draft.invalid().add(written.declared().problem(path, message)));
        }
        if (keys.isEmpty()) return;
        // A provider key that moves to another provider, or loses its weight, may break services that were not
        // declared.
        for (Stored<Service> service : after.all(Service.class)) {
            boolean touched = !services.contains(Settings.Key.of(service))
                    && service.spec().keys().stream()
                            .anyMatch(k -> keys.contains(new Settings.Key(service.tenant(), k)));
            if (!touched) continue;
            String at = Settings.pathOf(Kind.SERVICE, service);
            rules.checkAmongOthers(
                    service,
                    (path, message) ->
                            draft.invalid().add(new Problem(Location.NONE, FieldPath.join(at, path), message)));
        }
    }

    /** @param after the settings without the deleted ones: who still refers to them there stands in the way */
    private static void delete(List<Stored<?>> deleted, Settings after, Draft draft) {
        Map<Settings.Target, List<Dependent>> dependents =
                after.dependents(deleted.stream().map(Settings.Target::of).collect(Collectors.toSet()));
        for (Stored<?> stored : deleted) {
            Settings.Target target = Settings.Target.of(stored);
            for (Dependent d : dependents.getOrDefault(target, List.of())) {
                String message = target.kind().label() + " " + Messages.quote(target.name()) + " is in use by "
                        + d.kind().label() + " " + Messages.quote(d.name()) + " (" + d.path() + ")";
                draft.inUse().add(new Problem(Location.NONE, "", message));
            }
            draft.changes()
                    .add(new Change(
                            Action.DELETE, target.kind(), stored.tenant(), target.name(), stored.id(), List.of()));
        }
    }
}
