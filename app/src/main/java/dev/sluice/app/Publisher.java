package dev.sluice.app;

import dev.sluice.settings.Kind;
import dev.sluice.settings.KnownSecrets;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.Secret;
import dev.sluice.settings.Secret.Reference;
import dev.sluice.settings.SecretResolver.Resolution;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Snapshot;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Makes settings take effect: builds a snapshot off the request path and publishes it with one volatile write. A snapshot
 * never gives way to an older one. Secrets are read before, so that a source that is slow holds up nobody else's change.
 */
final class Publisher implements Supplier<Snapshot> {
    private static final System.Logger LOG = System.getLogger(Publisher.class.getName());

    private final Catalogue catalogue;
    private final SecretReader reader;
    private final Consumer<Map<Reference, String>> keeper;
    private final QuotaSeeds quotas;
    private final Object building = new Object();
    private final Object keeping = new Object();
    private Map<Reference, String> kept;
    private Settings settings = Settings.EMPTY;
    private volatile KnownSecrets secrets;
    private volatile Snapshot snapshot;

    /**
     * @param saved values of secrets that an earlier process has left: used while their sources fail
     * @param keeper is given all such values when they have changed
     */
    Publisher(
            Catalogue catalogue,
            SecretReader reader,
            Map<Reference, String> saved,
            Consumer<Map<Reference, String>> keeper,
            QuotaSeeds quotas) {
        this.catalogue = catalogue;
        this.reader = reader;
        this.keeper = keeper;
        this.quotas = quotas;
        this.kept = Map.copyOf(saved);
        this.secrets = KnownSecrets.saved(saved);
        this.snapshot = Snapshot.build(Settings.EMPTY, catalogue, secrets);
    }

    @Override
    public Snapshot get() {
        return snapshot;
    }

    /** An enabled service by its id. */
    Optional<BoundService> service(String id) {
        for (BoundService service : snapshot.services()) if (service.id().equals(id)) return Optional.of(service);
        return Optional.empty();
    }

    void publish(Settings next) {
        Map<Reference, Resolution> read = reader.read(secrets.untried(references(next, ProviderKey::enabled)));
        synchronized (building) {
            if (next.revision() < settings.revision()) return;
            quotas.seed(next);
            take(read, next);
            snapshot = snapshot.updated(settings, next, catalogue, secrets);
            settings = next;
        }
        keep();
    }

    /** Reads secrets again, which may have been rotated, and publishes those that have changed. */
    void refreshSecrets() {
        refresh(references(current(), ProviderKey::enabled));
    }

    /** As {@link #refreshSecrets}, only those that could not be read the last time. */
    void retrySecrets() {
        Set<Reference> failing = secrets.failing(references(current(), ProviderKey::enabled));
        if (!failing.isEmpty()) refresh(failing);
    }

    private void refresh(Set<Reference> references) {
        Map<Reference, Resolution> read = reader.read(references);
        synchronized (building) {
            KnownSecrets before = secrets;
            take(read, settings);
            if (!secrets.resolvesLike(before)) snapshot = snapshot.withSecrets(settings, catalogue, secrets);
        }
        keep();
    }

    /** What an operator should know of the secrets that are in use. */
    List<String> concerns() {
        return secrets.concerns(references(current(), ProviderKey::enabled));
    }

    /** How many secrets that are in use could not be read the last time. */
    int failingSecrets() {
        return secrets.failing(references(current(), ProviderKey::enabled)).size();
    }

    /** Tells the limiter what it could not be told while the store was away. */
    void seedOwedQuotas() {
        synchronized (building) {
            if (quotas.isOwed()) quotas.seed(settings);
        }
    }

    /** The ids of all resources of a kind. */
    Set<String> ids(Kind kind) {
        return current().all(kind).stream().map(Stored::id).collect(Collectors.toSet());
    }

    private Settings current() {
        synchronized (building) {
            return settings;
        }
    }

    private void take(Map<Reference, Resolution> read, Settings named) {
        KnownSecrets before = secrets;
        KnownSecrets now = before.with(read, references(named, _ -> true));
        for (Reference reference : read.keySet()) {
            String problem = now.problem(reference);
            boolean failed = !before.problem(reference).isEmpty();
            if (failed == !problem.isEmpty()) continue;
            if (failed) LOG.log(Level.INFO, "the secret " + reference + " can be read again");
            else if (now.resolve(reference) instanceof Resolution.Found)
                LOG.log(Level.WARNING, "the secret " + reference + " stays what it was: " + problem);
            else LOG.log(Level.WARNING, "a provider key has no secret for now: " + problem);
        }
        secrets = now;
    }

    private void keep() {
        synchronized (keeping) {
            Map<Reference, String> values = secrets.values();
            if (values.equals(kept)) return;
            keeper.accept(values);
            kept = values;
        }
    }

    private static Set<Reference> references(Settings settings, Predicate<ProviderKey> wanted) {
        Set<Reference> references = new LinkedHashSet<>();
        for (Stored<ProviderKey> key : settings.all(ProviderKey.class)) {
            Secret secret = key.spec().secret();
            if (secret instanceof Reference reference && wanted.test(key.spec())) references.add(reference);
        }
        return references;
    }
}
