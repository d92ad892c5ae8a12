package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Reporter;
import java.util.List;
import java.util.Set;

@Doc("Where a call goes when its target fails.")
public record Fallback(
        @Doc("What counts as a failure.")
        @Default("[connect-error, timeout, first-packet-timeout, rate-limited, server-error, provider-auth]")
        Set<FallbackCondition> on,

        @Doc("Further upstream statuses that count.") List<Integer> statusCodes,

        @Doc("Tried in order; a service may appear several times.")
        List<Distribution.Target> steps)
        implements Checked {
    public Fallback {
        on = Set.copyOf(on);
        statusCodes = List.copyOf(statusCodes);
        steps = List.copyOf(steps);
    }

    @Override
    public void check(Reporter reporter) {
        for (int i = 0; i < statusCodes.size(); i++) {
            int code = statusCodes.get(i);
            if (code < 300 || code > 599)
                reporter.problem("statusCodes[" + i + "]", code + " (expected: a status of a failure, 300 to 599)");
        }
        if (!steps.isEmpty() && on.isEmpty() && statusCodes.isEmpty())
            reporter.problem(
                    "steps", "can never be tried: on and statusCodes are empty (expected: at least one of them)");
    }
}
