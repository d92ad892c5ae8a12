package dev.sluice.bench.compare;

import dev.sluice.bench.load.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway with everything on that a call passes: API keys, limits, quotas, metrics, usage and prices. The limits are so
 * high that none is reached. Access logs are off, as they are for nginx.
 */
public final class Gateway implements AutoCloseable {
    static final String MODEL = "chat-default";

    /** Served by a provider of Anthropic's form, so that each call and each event is translated. */
    static final String TRANSLATED_MODEL = "translated-default";

    /** Served by a service of its own, so that its failures are no other service's. */
    public static final String FAULTY_MODEL = "faulty-default";

    private static final String KEY = "sk-bench-0123456789abcdef0123456789abcdef";
    private static final String TOKEN = "bench-admin-token-0123456789abcdef";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern CALLS = Pattern.compile("\"calls\"\\s*:\\s*(\\d+)");

    private final Child child;
    private final int port;
    private final int adminPort;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Instant started = Instant.now();

    private Gateway(Child child, int port, int adminPort) {
        this.child = child;
        this.port = port;
        this.adminPort = adminPort;
    }

    /** An answer of the admin port. */
    public record Answer(int status, String body) {}

    /**
     * Starts it on the declarative file of the comparison; it does not serve yet when this returns.
     *
     * @param run tells the runs in one work folder apart; each has a data folder of its own, empty at first
     */
    public static Gateway start(Path launcher, Path work, String run, String cpus, int upstreamPort)
            throws IOException {
        Path file = work.resolve("gateway.yaml");
        Files.writeString(file, configuration(upstreamPort));
        return start(launcher, work, run, cpus, List.of("--config", file.toString()));
    }

    /** Starts it on what its data folder holds, which an earlier run of the same name may have filled. */
    public static Gateway start(Path launcher, Path work, String run, String cpus) throws IOException {
        return start(launcher, work, run, cpus, List.of());
    }

    private static Gateway start(Path launcher, Path work, String run, String cpus, List<String> options)
            throws IOException {
        int port = Machine.freePort();
        int adminPort = Machine.freePort();
        List<String> command = new ArrayList<>(List.of(
                launcher.toString(),
                "run",
                "--data",
                work.resolve("data-" + run).toString(),
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(adminPort)));
        command.addAll(options);
        Child child =
                Child.start(Contestant.GATEWAY + "-" + run, work, cpus, command, Map.of("SLUICE_ADMIN_TOKEN", TOKEN));
        return new Gateway(child, port, adminPort);
    }

    public Child process() {
        return child;
    }

    /** Where calls arrive. */
    public int port() {
        return port;
    }

    public Target target() {
        return new Target(port, Target.CHAT, KEY, MODEL);
    }

    /** Where calls are translated. */
    Target translated() {
        return new Target(port, Target.CHAT, KEY, TRANSLATED_MODEL);
    }

    /** How many calls its usage statistics have counted; empty if they cannot be had. */
    public OptionalLong meteredCalls() throws InterruptedException {
        try {
            Answer answer = admin(
                    "GET",
                    "/admin/v1/usage?from=" + started + "&to=" + Instant.now().plusSeconds(60) + "&groupBy=apiKey",
                    "");
            if (answer.status() != 200) return OptionalLong.empty();
            long calls = 0;
            for (Matcher found = CALLS.matcher(answer.body()); found.find(); ) calls += Long.parseLong(found.group(1));
            return OptionalLong.of(calls);
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /** A gauge of its metrics; empty if it cannot be had. */
    public OptionalLong gauge(String name) throws InterruptedException {
        try {
            return admin("GET", "/metrics", "")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst();
        } catch (IOException _) {
            return OptionalLong.empty();
        }
    }

    /**
     * Asks its admin port.
     *
     * @param json the body; empty for none
     */
    public Answer admin(String method, String path, String json) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
                .header("Authorization", "Bearer " + TOKEN)
                .timeout(PATIENCE);
        if (json.isEmpty()) request.method(method, HttpRequest.BodyPublishers.noBody());
        else
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(json));
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    @Override
    public void close() {
        client.close();
        child.close();
    }

    /** The declarative file that it runs on. */
    static String configuration(int upstreamPort) {
        return """
            providerKeys:
              - { name: mock, provider: openai-compatible, secret: bench-provider-key }
              - { name: claude, provider: anthropic, secret: bench-provider-key }
            services:
              - name: mock
                kind: ai
                provider: openai-compatible
                protocol: openai
                address: { url: "http://127.0.0.1:%1$d/v1" }
                keys: [mock]
              - name: faulty
                kind: ai
                provider: openai-compatible
                protocol: openai
                address: { url: "http://127.0.0.1:%1$d/v1" }
                keys: [mock]
              - name: claude
                kind: ai
                provider: anthropic
                protocol: native
                address: { url: "http://127.0.0.1:%1$d" }
                keys: [claude]
            modelApis:
              - name: chat
                useCase: text-generation
                protocol: openai
                domains: ["*"]
                basePath: /
                authentication: { mode: api-key }
                monitoring: { metrics: true, logs: false }
                distribution:
                  strategy: by-model-name
                  targets:
                    - { pattern: "chat-*", service: mock, model: gpt-4o-mini }
                    - { pattern: "faulty-*", service: faulty, model: gpt-4o-mini }
                    - { pattern: "translated-*", service: claude, model: claude-sonnet-4-5 }
            consumers:
              - { name: load, modelApis: [chat] }
            apiKeys:
              - name: load
                consumer: load
                secret: %2$s
                limits: { rpm: 1000000000, tpm: 1000000000000, concurrency: 1000000 }
                quota: { tokensPerMonth: 1000000000000000 }
            prices:
              - { provider: openai-compatible, model: gpt-4o-mini, inputPerMillion: 0.15, cachedInputPerMillion: 0.075, outputPerMillion: 0.60, currency: USD }
              - { provider: anthropic, model: claude-sonnet-4-5, inputPerMillion: 3, cachedInputPerMillion: 0.3, outputPerMillion: 15, currency: USD }
            """.formatted(upstreamPort, KEY);
    }
}
