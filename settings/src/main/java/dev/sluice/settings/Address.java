package dev.sluice.settings;

import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Reporter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Doc("Where a service lives: exactly one of url, dns and fixed.")
public record Address(
        @Doc("Base URL, https://host[:port]/base.") @Nullable
        String url,

        @Doc("Names as name:port; every address that a name resolves to is a node.")
        List<String> dns,

        @Doc("Nodes as ip:port; IPv6 in brackets.") List<String> fixed,

        @Doc("Path in front of every request to a dns or fixed address; left out: /v1, and none for an HTTP service.")
        @Nullable
        String basePath)
        implements Checked {
    public Address {
        dns = List.copyOf(dns);
        fixed = List.copyOf(fixed);
        basePath = basePath == null ? null : UrlPath.normalised(basePath);
    }

    @Override
    public void check(Reporter reporter) {
        String expected = " (expected: exactly one of url, dns and fixed)";
        List<String> kinds = new ArrayList<>(3);
        if (url != null) kinds.add("url");
        if (!dns.isEmpty()) kinds.add("dns");
        if (!fixed.isEmpty()) kinds.add("fixed");
        if (kinds.isEmpty()) reporter.problem("", "no address" + expected);
        if (kinds.size() == 2) reporter.problem("", "both " + String.join(" and ", kinds) + expected);
        if (kinds.size() == 3) reporter.problem("", "url, dns and fixed" + expected);
        if (url != null) {
            NetworkAddress.urlProblem(url).ifPresent(wrong -> reporter.problem("url", wrong));
            if (basePath != null && !basePath.equals("/v1"))
                reporter.problem(
                        "basePath",
                        Messages.quote(basePath) + " belongs to dns and fixed (put the path into url instead)");
        }
        checkNodes("dns", dns, "name:port", reporter);
        checkNodes("fixed", fixed, "host:port", reporter);
        String wrong = basePath == null ? null : UrlPath.problem(basePath);
        if (wrong != null) reporter.problem("basePath", wrong + " (expected: a path such as /v1)");
    }

    private static void checkNodes(String field, List<String> nodes, String form, Reporter reporter) {
        for (int i = 0; i < nodes.size(); i++) {
            String wrong = NetworkAddress.nodeProblem(nodes.get(i));
            if (wrong != null)
                reporter.problem(
                        field + "[" + i + "]",
                        Messages.quote(nodes.get(i)) + " " + wrong + " (expected: " + form + ", IPv6 in brackets)");
        }
        Name.checkDistinct(field, nodes, reporter);
    }
}
