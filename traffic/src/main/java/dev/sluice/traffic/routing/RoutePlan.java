package dev.sluice.traffic.routing;

import dev.sluice.traffic.failure.Failure;
import java.util.List;

/** The outcome of routing. */
public sealed interface RoutePlan {
    /**
     * Where to try, in order.
     *
     * @param targets at least one: the chosen target and its service's fallback models, then the fallback steps
     */
    record Ordered(List<Target> targets) implements RoutePlan {
        public Ordered {
            targets = List.copyOf(targets);
            if (targets.isEmpty())
                throw new IllegalArgumentException("a plan without targets (expected: at least one)");
        }
    }

    record Refused(Failure failure) implements RoutePlan {}
}
