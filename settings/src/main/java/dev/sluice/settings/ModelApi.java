package dev.sluice.settings;

import dev.sluice.settings.binding.Default;
import dev.sluice.settings.binding.Doc;
import dev.sluice.settings.binding.Range;
import dev.sluice.settings.binding.Shorthand;
import java.util.List;
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

        @Default("true") boolean enabled,
        @Default("default") String resourceGroup)
        implements Resource {
    public ModelApi {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
    }

    @Doc("One path below the base path.")
    @Shorthand("path")
    public record RouteRule(
            String path,

            @Doc("Left out: told by the end of the path; a path of no known operation is forwarded as it is.") @Nullable
            Operation operation) {}

    @Doc("How callers prove who they are.")
    public record Authentication(
            @Default("api-key") Mode mode,

            @Doc("A further header that may carry the API key.") @Nullable
            String header,

            @Doc("A query parameter that may carry the API key.") @Nullable
            String queryParameter) {
        public enum Mode {
            NONE,
            API_KEY
        }
    }

    @Doc("What is observed.")
    public record Monitoring(
            @Default("true") boolean metrics,
            @Default("true") boolean logs) {}
}
