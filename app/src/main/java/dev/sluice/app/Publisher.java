package dev.sluice.app;

import dev.sluice.settings.Kind;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.Secret;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Snapshot;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Makes settings take effect: builds a snapshot off the request path and publishes it with one volatile write. A snapshot
 * never gives way to an older one.
 */
final class Publisher implements Supplier<Snapshot> {
    private final Catalogue catalogue;
    private final SecretResolver secrets;
    private final QuotaSeeds quotas;
    private final Object building = new Object();
    private Settings settings = Settings.EMPTY;
    private volatile Snapshot snapshot;

    Publisher(Catalogue catalogue, SecretResolver secrets, QuotaSeeds quotas) {
        this.catalogue = catalogue;
        this.secrets = secrets;
        this.quotas = quotas;
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
        synchronized (building) {
            if (next.revision() < settings.revision()) return;
            quotas.seed(next);
            snapshot = snapshot.updated(settings, next, catalogue, secrets);
            settings = next;
        }
    }

    /** Resolves secrets anew that live in files or a vault, where they may have been rotated. */
    void refreshSecrets() {
        synchronized (building) {
            boolean elsewhere = settings.all(ProviderKey.class).stream()
                    .anyMatch(key -> key.spec().secret() instanceof Secret.Reference r
                            && !r.scheme().equals("env"));
            if (elsewhere) snapshot = Snapshot.build(settings, catalogue, secrets);
        }
    }

    /** Tells the limiter what it could not be told while the store was away. */
    void seedOwedQuotas() {
        synchronized (building) {
            if (quotas.isOwed()) quotas.seed(settings);
        }
    }

    /** The ids of all resources of a kind. */
    Set<String> ids(Kind kind) {
        Settings current;
        synchronized (building) {
            current = settings;
        }
        return current.all(kind).stream().map(Stored::id).collect(Collectors.toSet());
    }
}
