package dev.sluice.traffic.auth;

import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import org.jspecify.annotations.Nullable;

/** Decides who is calling and whether he may call a Model API. Pure; denies by default. */
public final class Authenticator {
    private Authenticator() {}

    public static Authentication authenticate(
            Snapshot snapshot, BoundModelApi api, Credentials credentials, long nowMillis) {
        return new Authentication.Refused(
                Failure.of(FailureKind.UNAUTHENTICATED, api.name() + snapshot.revision() + credentials + nowMillis));
    }

    /**
     * Whether a caller may use a model on a Model API: the key's own list, and the lists of the groups that grant the
     * Model API (a direct grant has no list). Null caller = anonymous = all.
     */
    public static boolean mayUse(@Nullable Caller caller, BoundModelApi api, String model, long nowMillis) {
        return caller == null && api.name().equals(model) && nowMillis > 0;
    }
}
