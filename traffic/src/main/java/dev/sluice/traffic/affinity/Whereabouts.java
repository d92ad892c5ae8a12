package dev.sluice.traffic.affinity;

import dev.sluice.settings.ModelApi.Authentication.Mode;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.BoundService;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.affinity.IdSeal.Opened;
import dev.sluice.traffic.auth.Authenticator;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import org.jspecify.annotations.Nullable;

/** Where the thing is kept that a sealed id names, or why this caller cannot get there. */
public sealed interface Whereabouts {
    /** @param id the vendor's own id */
    record Known(Deployment keeper, String id) implements Whereabouts {}

    record Refused(Failure failure) implements Whereabouts {}

    /**
     * Opens an id. The Model API that is called must reach the service, and the caller must be let through by the Model
     * API that the id was made under.
     *
     * @param sealed a text that {@link IdSeal#isSealed}
     */
    static Whereabouts of(
            IdSeal seal, Snapshot snapshot, BoundModelApi api, @Nullable Caller caller, String sealed, long nowMillis) {
        Opened opened = seal.open(sealed);
        if (opened == null) {
            return gone(
                    sealed,
                    "was not made by this gateway; replicas must have the same SLUICE_MASTER_KEY, and an old key"
                            + " must stay behind the new one");
        }
        if (opened.api() != IdSeal.hash(api) && !mayUseMaker(snapshot, api, caller, opened, nowMillis)) {
            return new Refused(Failure.of(
                    FailureKind.PERMISSION_DENIED,
                    "id \"" + sealed + "\" was made under another Model API, which is gone or which this caller may not"
                            + " use; an operator can grant it"));
        }
        BoundService service = service(api, opened.service());
        if (service == null) {
            return gone(
                    sealed,
                    "is kept by a service that is disabled, gone, or not among those of Model API \"" + api.name()
                            + "\"; an operator can enable it, or add it to the distribution or the fallback steps");
        }
        if (opened.key() == 0) return new Known(new Deployment(service, null), opened.id());
        for (BoundKey key : service.keys()) {
            Deployment keeper = new Deployment(service, key);
            if (IdSeal.keyHash(keeper) == opened.key()) return new Known(keeper, opened.id());
        }
        return gone(
                sealed,
                "is kept under a provider key of service \"" + service.name()
                        + "\" that is disabled, gone or cannot be resolved; an operator can bring the key back");
    }

    private static boolean mayUseMaker(
            Snapshot snapshot, BoundModelApi api, @Nullable Caller caller, Opened opened, long nowMillis) {
        for (BoundModelApi maker : snapshot.modelApis()) {
            if (!maker.tenant().equals(api.tenant()) || IdSeal.hash(maker) != opened.api()) continue;
            return maker.spec().authentication().mode() == Mode.NONE
                    || caller != null && Authenticator.isAuthorised(caller, maker, nowMillis);
        }
        return false;
    }

    private static @Nullable BoundService service(BoundModelApi api, long hash) {
        for (BoundService service : api.services().values()) {
            if (IdSeal.serviceHash(service.tenant(), service.name()) == hash) return service;
        }
        return null;
    }

    private static Whereabouts gone(String sealed, String why) {
        return new Refused(Failure.of(FailureKind.DEPLOYMENT_GONE, "id \"" + sealed + "\" " + why));
    }
}
