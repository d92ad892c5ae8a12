package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import java.util.List;
import java.util.Set;

@Doc("Where a call goes when its target fails.")
public record Fallback(
        @Doc("What counts as a failure.")
        @Default("[connect-error, timeout, first-packet-timeout, rate-limited, server-error, provider-auth]")
        Set<FallbackCondition> on,

        @Doc("Further upstream statuses that count.") List<Integer> statusCodes,

        @Doc("Tried in order; a service may appear several times.")
        List<Distribution.Target> steps) {
    public Fallback {
        on = Set.copyOf(on);
        statusCodes = List.copyOf(statusCodes);
        steps = List.copyOf(steps);
    }
}
