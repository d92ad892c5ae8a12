package dev.sluice.settings;

import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Checked;
import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Messages;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Reporter;
import dev.sluice.settings.binding.Shorthand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

@Doc("The interface that clients call.")
public record ModelApi(
        String name,
        @Default("") String description,
        @Default("text-generation") UseCase useCase,
        @Default("openai") Protocol protocol,

        @Doc("Host names, *.suffix, or * for any.") @Default("[\"*\"]")
        List<String> domains,

        @Default("/") String basePath,

        @Doc("Whether the base path is taken off before a call is sent on.") @Default("true")
        boolean stripBasePath,

        @Doc("Left out: all presets of the use case and protocol.")
        List<RouteRule> routes,

        @Default("{}") Authentication authentication,
        @Default("{}") Monitoring monitoring,
        @Default("{strategy: single}") Distribution distribution,
        @Default("{}") Fallback fallback,

        @Doc("Further tries of the same target after a passing failure.") @Default("0") @Range(max = 5)
        int retries,

        @Doc("Time to the first content of a streamed answer; 0 = off.") @Default("0") @Range(max = 3_600_000)
        int firstPacketTimeoutMs,

        @Doc("For all attempts of a call together.") @Default("600000") @Range(min = 1, max = 86_400_000)
        int totalTimeoutMs,

        @Doc("Longest request body that is held in memory; 0, and what is above it, is what --max-body-bytes says.")
        @Default("0")
        @Range(max = Integer.MAX_VALUE)
        int maxBodyBytes,

        @Doc("Longest body that streams through: forms, uploads and what is forwarded as it is; 0 = no limit.")
        @Default("0")
        @Range
        long maxUploadBytes,

        @Doc(
                "Who may list what the provider keeps: files, batches, vector stores and the like; a list shows what all consumers made.")
        @Default("everyone")
        Listing listing,

        @Default("true") boolean enabled,
        @Default("default") String resourceGroup)
        implements Resource, Checked {
    public ModelApi {
        domains = domains.stream().map(d -> d.toLowerCase(Locale.ROOT)).toList();
        basePath = UrlPath.normalised(basePath);
        routes = List.copyOf(routes);
    }

    /**
     * The routes that are served, each with its operation: as declared, else the presets, else everything. Where responses are made their tokens
     * are counted.
     */
    public List<RouteRule> served() {
        if (!routes.isEmpty())
            return withCounts(routes.stream().map(this::known).toList());
        List<String> presets = Operation.presets(useCase, protocol);
        if (presets.isEmpty()) return List.of(new RouteRule("/", Operation.OPAQUE));
        return presets.stream().map(path -> known(new RouteRule(path, null))).toList();
    }

    private static List<RouteRule> withCounts(List<RouteRule> declared) {
        List<RouteRule> served = new ArrayList<>(declared);
        for (RouteRule rule : declared) {
            String counts = rule.path() + "/input_tokens";
            if (rule.operation() == Operation.RESPONSES
                    && declared.stream().noneMatch(other -> other.path().equals(counts)))
                served.add(new RouteRule(counts, Operation.OPENAI_COUNT_TOKENS));
        }
        return served;
    }

    private RouteRule known(RouteRule rule) {
        if (rule.operation() != null) return rule;
        return new RouteRule(
                rule.path(), protocol == Protocol.ANY ? Operation.OPAQUE : Operation.ofPath(rule.path(), protocol));
    }

    @Override
    public void check(Reporter reporter) {
        Name.MODEL_API.check("name", name, reporter);
        if (!Operation.isOffered(useCase, protocol))
            reporter.problem(
                    "protocol",
                    Messages.quote(Binder.kebab(protocol.name())) + " does not go with useCase "
                            + Binder.kebab(useCase.name()) + " (expected: " + offered() + ")");
        if (domains.isEmpty()) reporter.problem("domains", "no domain (expected: host names, *.suffix, or *)");
        for (int i = 0; i < domains.size(); i++) {
            if (!isDomain(domains.get(i)))
                reporter.problem(
                        "domains[" + i + "]",
                        Messages.quote(domains.get(i))
                                + " is no domain (expected: a host name without port, *.suffix, or *)");
        }
        Name.checkDistinct("domains", domains, reporter);
        String wrong = UrlPath.problem(basePath);
        if (wrong != null) reporter.problem("basePath", wrong + " (expected: a path such as /team-a)");
        Name.checkDistinct("routes", routes.stream().map(RouteRule::path).toList(), reporter);
        Name.OTHER.check("resourceGroup", resourceGroup, reporter);
        if (listing == Listing.NOBODY && Operation.isOffered(useCase, protocol)) checkUnread(reporter);
    }

    /** What is forwarded unread may be a list. */
    private void checkUnread(Reporter reporter) {
        served().stream()
                .filter(rule -> rule.operation() == Operation.OPAQUE)
                .findFirst()
                .ifPresent(rule -> reporter.problem(
                        "listing",
                        "nobody (expected: everyone, as route " + Messages.quote(rule.path())
                                + " is forwarded as it is and may list anything; or routes of known operations only)"));
    }

    private String offered() {
        return Arrays.stream(Protocol.values())
                .filter(p -> Operation.isOffered(useCase, p))
                .map(p -> Binder.kebab(p.name()))
                .collect(Collectors.joining(" or "));
    }

    private static boolean isDomain(String domain) {
        if (domain.equals("*")) return true;
        String name = domain.startsWith("*.") ? domain.substring(2) : domain;
        return name.indexOf(':') < 0 && !name.endsWith(".") && NetworkAddress.hostProblem(name) == null;
    }

    @Doc("One path below the base path.")
    @Shorthand("path")
    public record RouteRule(
            String path,

            @Doc("Left out: told by the end of the path; a path of no known operation is forwarded as it is.") @Nullable
            Operation operation)
            implements Checked {
        private static final String ITEM = "/{id}";

        public RouteRule {
            path = UrlPath.normalised(path.endsWith(ITEM) ? path.substring(0, path.length() - ITEM.length()) : path);
        }

        @Override
        public void check(Reporter reporter) {
            String wrong = UrlPath.problem(path);
            if (wrong != null) reporter.problem("path", wrong + " (expected: a path such as /v1/chat/completions)");
        }
    }

    public enum Listing {
        EVERYONE,
        /** What is kept is found by its id alone. */
        NOBODY
    }

    @Doc("How callers prove who they are.")
    public record Authentication(
            @Default("api-key") Mode mode,

            @Doc("A further header that may carry the API key.") @Nullable
            String header,

            @Doc("A query parameter that may carry the API key.") @Nullable
            String queryParameter)
            implements Checked {
        @Override
        public void check(Reporter reporter) {
            if (header != null && !HttpToken.isValid(header))
                reporter.problem("header", Messages.quote(header) + " (expected: a header name such as x-team-key)");
            if (queryParameter != null && !queryParameter.matches("[A-Za-z0-9._~-]{1,64}"))
                reporter.problem(
                        "queryParameter",
                        Messages.quote(queryParameter) + " (expected: letters, digits, -, _, . and ~)");
        }

        public enum Mode {
            NONE,
            API_KEY
        }
    }

    @Doc("What is observed.")
    public record Monitoring(
            @Default("true") boolean metrics,
            @Default("true") boolean logs,

            @Doc("Not in this version: must be false.") @Default("false")
            boolean traces,

            @Doc("Not in this version: must be false.") @Default("false")
            boolean recordRequest,

            @Doc("Not in this version: must be false.") @Default("false")
            boolean recordResponse)
            implements Checked {
        @Override
        public void check(Reporter reporter) {
            if (traces) reporter.problem("traces", "true (expected: false; this version sends no traces)");
            if (recordRequest)
                reporter.problem("recordRequest", "true (expected: false; this version records no bodies)");
            if (recordResponse)
                reporter.problem("recordResponse", "true (expected: false; this version records no bodies)");
        }
    }
}
