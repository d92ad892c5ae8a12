package dev.sluice.traffic.routing;

import dev.sluice.settings.snapshot.BoundModelApi;
import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides where a call goes. Pure but for the random source of weighted choices. */
public final class Router {
    private final RandomGenerator random;

    public Router(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Plans a call.
     *
     * @param model the client's model, empty for an operation without one
     * @param header reads a request header by lower-case name, for stickiness; answers null when absent
     */
    public RoutePlan plan(
            BoundModelApi api, String model, @Nullable Caller caller, UnaryOperator<@Nullable String> header) {
        return new RoutePlan.Refused(
                Failure.of(FailureKind.UNBOUND, api.name() + model + caller + header.apply("x") + random.nextInt()));
    }

    /** The names of the models that a caller may call on a Model API, sorted; what {@code GET /v1/models} shows. */
    public static List<String> models(BoundModelApi api, @Nullable Caller caller, long nowMillis) {
        return caller == null ? List.of() : List.of(api.name() + nowMillis);
    }
}
