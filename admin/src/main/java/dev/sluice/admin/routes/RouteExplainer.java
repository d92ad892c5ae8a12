package dev.sluice.admin.routes;

import dev.sluice.settings.snapshot.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says where a call would go, by the same decisions that serve calls. Calls nothing and counts nothing. */
@FunctionalInterface
public interface RouteExplainer {
    Explanation explain(Trial trial);

    /**
     * The way of a call.
     *
     * @param route the rule that matches; absent if none does
     * @param targets in the order in which they would be tried
     * @param passedOver what was left out of the plan, one sentence each
     * @param refusal what the call would be answered with instead
     */
    record Explanation(
            @Nullable Route route,
            List<Step> targets,
            List<String> passedOver,
            @Nullable Refused refusal) {
        public Explanation {
            targets = List.copyOf(targets);
            passedOver = List.copyOf(passedOver);
        }
    }

    /**
     * One target.
     *
     * @param service name
     * @param model that is sent upstream
     * @param why how it came into the plan, e.g. {@code rule "gpt-*"}
     */
    record Step(String service, String model, String why) {}

    /** The error that the caller would get. */
    record Refused(int status, String code, String message) {}
}
