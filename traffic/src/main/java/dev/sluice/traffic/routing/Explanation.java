package dev.sluice.traffic.routing;

import java.util.List;

/**
 * A plan with what was passed over on the way to it.
 *
 * @param passedOver one sentence each, in the order of the declaration, e.g. {@code fallback step 1: service "a" is
 *     disabled or gone}
 */
public record Explanation(RoutePlan plan, List<String> passedOver) {
    public Explanation {
        passedOver = List.copyOf(passedOver);
    }
}
