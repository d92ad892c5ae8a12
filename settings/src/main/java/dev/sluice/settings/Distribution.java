package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Discriminator;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Reference;
import dev.sluice.settings.binding.Reporter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the calls of a Model API are spread over services. A distribution without targets leaves the Model API unbound. */
@Discriminator("strategy")
public sealed interface Distribution {
    @Doc("All calls go to one target.")
    record Single(List<Target> targets) implements Distribution, Checked {
        public Single {
            targets = List.copyOf(targets);
        }

        @Override
        public void check(Reporter reporter) {
            if (targets.size() > 1)
                reporter.problem(
                        "targets",
                        targets.size()
                                + " targets (expected: at most one; use strategy: by-proportion or by-model-name)");
        }
    }

    @Doc("The first rule whose pattern matches the client's model decides.")
    record ByModelName(List<Rule> targets) implements Distribution, Checked {
        public ByModelName {
            targets = List.copyOf(targets);
        }

        @Override
        public void check(Reporter reporter) {
            for (int i = 0; i < targets.size(); i++) {
                String pattern = targets.get(i).pattern();
                Pattern.check("targets[" + i + "].pattern", pattern, reporter);
                for (int before = 0; before < i; before++) {
                    String earlier = targets.get(before).pattern();
                    if (!pattern.isBlank() && Pattern.covers(earlier, pattern)) {
                        reporter.problem(
                                "targets[" + i + "].pattern",
                                Messages.quote(pattern) + " can never match: rule " + Messages.quote(earlier)
                                        + " before it takes every such model");
                        break;
                    }
                }
            }
        }
    }

    @Doc("Calls are spread by weight.")
    record ByProportion(
            List<Share> targets,

            @Doc("Keeps a caller on one target: none, consumer, or header:NAME.") @Default("none")
            String stickyBy)
            implements Distribution, Checked {
        public ByProportion {
            targets = List.copyOf(targets);
        }

        @Override
        public void check(Reporter reporter) {
            if (!targets.isEmpty() && targets.stream().allMatch(t -> t.weight() == 0))
                reporter.problem("targets", "all weights are 0 (expected: at least one above 0)");
            boolean header =
                    stickyBy.startsWith("header:") && HttpToken.isValid(stickyBy.substring("header:".length()));
            if (!header && !stickyBy.equals("none") && !stickyBy.equals("consumer"))
                reporter.problem(
                        "stickyBy", Messages.quote(stickyBy) + " (expected one of: none, consumer, header:NAME)");
        }
    }

    record Target(
            @Reference("services") String service,

            @Doc("Model sent upstream; left out = the client's model.") @Nullable
            String model)
            implements Checked {
        @Override
        public void check(Reporter reporter) {
            if (model != null) Pattern.check("model", model, reporter);
        }
    }

    record Rule(
            @Doc("Name or pattern with * and ?.") String pattern,
            @Reference("services") String service,

            @Doc("Model sent upstream; left out = the client's model.") @Nullable
            String model)
            implements Checked {
        @Override
        public void check(Reporter reporter) {
            if (model != null) Pattern.check("model", model, reporter);
        }
    }

    record Share(
            @Reference("services") String service,

            @Doc("Model sent upstream; left out = the client's model.") @Nullable
            String model,

            @Range(min = 0, max = 1_000_000) int weight)
            implements Checked {
        @Override
        public void check(Reporter reporter) {
            if (model != null) Pattern.check("model", model, reporter);
        }
    }
}
