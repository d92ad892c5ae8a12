package dev.sluice.proxy;

import dev.sluice.protocol.Usage;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.settings.snapshot.Route;
import dev.sluice.settings.snapshot.Snapshot;
import dev.sluice.traffic.auth.Authentication;
import dev.sluice.traffic.auth.Authenticator;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.limits.Admission;
import dev.sluice.traffic.limits.Reservation;
import org.jspecify.annotations.Nullable;

/** The turns of a session: each is charged when it ends, and then the session is admitted anew. */
final class Turns {
    private final Exchange x;
    private final DataPlane plane;
    private final Settler settler;
    private final Sessions sessions;
    private int ended;
    private long beganAtMillis;

    Turns(Exchange x, DataPlane plane, Settler settler, Sessions sessions) {
        this.x = x;
        this.plane = plane;
        this.settler = settler;
        this.sessions = sessions;
        this.beganAtMillis = x.startedAtMillis;
    }

    /** A turn has ended; answers why there may be no other one. */
    @Nullable
    Failure ended(Usage used) {
        ended++;
        if (used.totalTokens() > 0) settler.turn(x, used, ended, beganAtMillis);
        beganAtMillis = plane.clock().millis();
        Failure refused = permitted();
        long now = plane.steady().millis();
        Reservation held = x.reservation;
        Caller caller = x.caller;
        if (held == null || caller == null) return refused;
        if (refused != null) {
            held.settle(used.totalTokens(), now);
            return refused;
        }
        long lease = Pipeline.leaseMillis(x, sessions);
        return switch (plane.limiter()
                .renew(held, used.totalTokens(), caller, Pipeline.UNSTATED_OUTPUT_TOKENS, lease, now)) {
            case Reservation reservation -> {
                x.reservation = reservation;
                yield null;
            }
            case Admission.Refused(Failure failure, var _) -> failure;
        };
    }

    /** By the settings of now: why the caller may not go on; null if he may. */
    @Nullable
    Failure permitted() {
        Snapshot newest = plane.snapshot().get();
        Route route = newest.route(Pipeline.host(x), x.path);
        if (route == null || route.operation() != x.operation()) {
            return Failure.of(
                    FailureKind.ROUTE_NOT_FOUND,
                    "Model API \"" + x.api().name() + "\" does not serve this session any more");
        }
        long now = plane.clock().millis();
        return switch (Pipeline.judge(x, newest, route.api(), now)) {
            case Authentication.Known(Caller caller) -> {
                x.caller = caller;
                yield Authenticator.mayUse(caller, route.api(), x.askedModel(), now)
                        ? null
                        : Authenticator.modelDenied(caller, route.api(), x.askedModel(), now);
            }
            case Authentication.Anonymous() -> null;
            case Authentication.Refused(Failure failure) -> failure;
        };
    }
}
