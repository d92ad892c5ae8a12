package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Reporter;
import org.jspecify.annotations.Nullable;

@Doc("How a service's nodes, keys and models are watched, and what happens when they fail.")
public record Health(
        @Default("{}") Passive passive,
        @Nullable Active active,
        @Default("{}") Breaker breaker,
        @Default("{}") RetryBudget retryBudget) {

    @Doc("Takes a node that fails out of use for a while.")
    public record Passive(
            @Doc("Failures in a row that take a node out; 0 = off.") @Default("5") @Range(max = 1_000)
            int consecutiveFailures,

            @Doc("How long a node stays out the first time; each further time in a row it is as long again.")
            @Default("30000")
            @Range(min = 1, max = 3_600_000)
            int ejectionMs,

            @Doc("Largest share of the nodes that may be out at the same time.") @Default("50") @Range(max = 100)
            int maxEjectedPercent) {}

    @Doc("Asks each node at intervals whether it lives; left out = no node is asked.")
    public record Active(
            @Doc("What is asked for with GET; any status below 500 means that the node lives.") @Default("/v1/models")
            String path,

            @Doc("From one check of a node to the next.") @Default("10000") @Range(min = 100, max = 3_600_000)
            int intervalMs,

            @Doc("To connect and answer.") @Default("2000") @Range(min = 1, max = 600_000)
            int timeoutMs,

            @Doc("Good checks in a row that put a node back into use.") @Default("2") @Range(min = 1, max = 1_000)
            int healthyAfter,

            @Doc("Bad checks in a row that take a node out of use.") @Default("3") @Range(min = 1, max = 1_000)
            int unhealthyAfter)
            implements Checked {
        @Override
        public void check(Reporter reporter) {
            boolean target = path.startsWith("/")
                    && path.length() <= 1_024
                    && path.chars().allMatch(Active::isVisible);
            if (!target)
                reporter.problem("path", Messages.quote(path) + " is no path (expected: a path such as /v1/models)");
        }

        private static boolean isVisible(int c) {
            return c > ' ' && c < 127 && c != '#';
        }
    }

    @Doc("Keeps calls off a key and model that mostly fail.")
    public record Breaker(
            @Doc("Share of failed calls that opens the circuit; 0 = off.") @Default("50") @Range(max = 100)
            int failureRatePercent,

            @Doc("With fewer calls in the window the circuit stays closed.")
            @Default("20")
            @Range(min = 1, max = 1_000_000)
            int minimumCalls,

            @Doc("How far back calls are counted.") @Default("30000") @Range(min = 100, max = 3_600_000)
            int windowMs,

            @Doc("How long an open circuit lets nothing through.") @Default("10000") @Range(min = 1, max = 3_600_000)
            int openMs,

            @Doc("Calls let through after that, all of which must succeed for the circuit to close.")
            @Default("3")
            @Range(min = 1, max = 1_000)
            int halfOpenProbes) {}

    @Doc("How many retries a service may get, so that they do not make an outage worse.")
    public record RetryBudget(
            @Doc("Retries as a share of calls.") @Default("20") @Range(max = 100)
            int percent,

            @Doc("Retries that are allowed however few calls there are.") @Default("3") @Range(max = 1_000)
            int minPerSecond) {}
}
