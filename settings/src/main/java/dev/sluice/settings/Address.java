package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Reporter;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("Where a service lives: exactly one of url and fixed.")
public record Address(
        @Doc("Base URL, https://host[:port]/base.") @Nullable
        String url,

        @Doc("Nodes as ip:port; IPv6 in brackets.") List<String> fixed,

        @Doc("Path in front of every request to a fixed address, e.g. /v1.") @Default(Address.DEFAULT_BASE_PATH)
        String basePath)
        implements Checked {
    private static final String DEFAULT_BASE_PATH = "/v1";

    public Address {
        fixed = List.copyOf(fixed);
        basePath = UrlPath.normalised(basePath);
    }

    @Override
    public void check(Reporter reporter) {
        if (url == null && fixed.isEmpty()) reporter.problem("", "no address (expected: exactly one of url and fixed)");
        if (url != null && !fixed.isEmpty())
            reporter.problem("", "both url and fixed (expected: exactly one of url and fixed)");
        if (url != null) {
            NetworkAddress.urlProblem(url).ifPresent(wrong -> reporter.problem("url", wrong));
            if (!basePath.equals(DEFAULT_BASE_PATH))
                reporter.problem(
                        "basePath", Messages.quote(basePath) + " belongs to fixed (put the path into url instead)");
        }
        for (int i = 0; i < fixed.size(); i++) {
            String wrong = NetworkAddress.nodeProblem(fixed.get(i));
            if (wrong != null)
                reporter.problem(
                        "fixed[" + i + "]",
                        Messages.quote(fixed.get(i)) + " " + wrong + " (expected: host:port, IPv6 in brackets)");
        }
        Name.checkDistinct("fixed", fixed, reporter);
        String wrong = UrlPath.problem(basePath);
        if (wrong != null) reporter.problem("basePath", wrong + " (expected: a path such as /v1)");
    }
}
