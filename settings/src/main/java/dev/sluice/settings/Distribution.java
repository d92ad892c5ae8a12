package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Discriminator;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the calls of a Model API are spread over services. A distribution without targets leaves the Model API unbound. */
@Discriminator("strategy")
public sealed interface Distribution {
    @Doc("All calls go to one target.")
    record Single(List<Target> targets) implements Distribution {
        public Single {
            targets = List.copyOf(targets);
        }
    }

    @Doc("The first rule whose pattern matches the client's model decides.")
    record ByModelName(List<Rule> targets) implements Distribution {
        public ByModelName {
            targets = List.copyOf(targets);
        }
    }

    @Doc("Calls are spread by weight.")
    record ByProportion(
            List<Share> targets,

            @Doc("Keeps a caller on one target: none, consumer, or header:NAME.") @Default("none")
            String stickyBy)
            implements Distribution {
        public ByProportion {
            targets = List.copyOf(targets);
        }
    }

    record Target(
            @Reference("services") String service,

            @Doc("Model sent upstream; left out = the client's model.") @Nullable
            String model) {}

    record Rule(
            @Doc("Name or pattern with * and ?.") String pattern,
            @Reference("services") String service,

            @Doc("Model sent upstream; left out = the client's model.") @Nullable
            String model) {}

    record Share(
            @Reference("services") String service,

            @Doc("Model sent upstream; left out = the client's model.") @Nullable
            String model,

            @Range(min = 0, max = 1_000_000) int weight) {}
}
