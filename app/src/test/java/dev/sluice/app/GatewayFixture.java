package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.app.cli.Command;
import dev.sluice.app.cli.CommandLine;
import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.app.cli.Parsed;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A gateway as an operator runs it, over a simulated provider, on free ports of 127.0.0.1 and with a data folder of its own.
 *
 * <pre>{@code
 * try (GatewayFixture gateway = GatewayFixture.start("""
 *         services:
 *           - { name: simulated, provider: openai-compatible, address: { url: "${SIM}/v1" } }
 *         ...
 *         """)) {
 *     gateway.simulator().rules().next(1, "status=503");
 *     HttpResponse<String> answer = gateway.post("/v1/chat/completions", "sk-caller", "{...}");
 *     UsageRecord record = gateway.records(1).getFirst();
 * }
 * }</pre>
 */
public final class GatewayFixture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path folder;
    private final Simulator simulator;
    private final Gateway gateway;
    private final Ledger ledger;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The records of finished calls, in the order in which they were written. */
    private static final class Ledger {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition grown = lock.newCondition();
        private final List<UsageRecord> records = new ArrayList<>();

        void add(List<UsageRecord> batch) {
            lock.lock();
            try {
                records.addAll(batch);
                grown.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /** The records that match, as soon as there are so many of them. */
        List<UsageRecord> await(int count, Predicate<UsageRecord> wanted) throws InterruptedException {
            lock.lock();
            try {
                long left = PATIENCE.toNanos();
                while (true) {
                    List<UsageRecord> found = records.stream().filter(wanted).toList();
                    if (found.size() >= count) return found;
                    if (left <= 0) {
                        throw new AssertionError("usage records: " + found.size() + " (expected: " + count
                                + "); those of other calls: " + (records.size() - found.size()));
                    }
                    left = grown.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private GatewayFixture(Path folder, Simulator simulator, Gateway gateway, Ledger ledger) {
        this.folder = folder;
        this.simulator = simulator;
        this.gateway = gateway;
        this.ledger = ledger;
    }

    /**
     * Starts a gateway and its simulator.
     *
     * @param yaml the declarative file, in which {@code ${SIM}} stands for the base URL of the simulator
     */
    public static GatewayFixture start(String yaml) {
        return start(yaml, Clock.systemUTC());
    }

    /** @param options of the command line, beside those of every such gateway */
    public static GatewayFixture start(String yaml, List<String> options) {
        return start(yaml, Clock.systemUTC(), options);
    }

    static GatewayFixture start(String yaml, Clock clock) {
        return start(yaml, clock, List.of());
    }

    private static GatewayFixture start(String yaml, Clock clock, List<String> options) {
        Simulator simulator = Simulator.start();
        try {
            Path folder = Files.createTempDirectory("sluice-test");
            Path config = Files.writeString(folder.resolve("sluice.yaml"), yaml.replace("${SIM}", simulator.url()));
            Ledger ledger = new Ledger();
            Gateway gateway = Gateway.start(
                    options(folder.resolve("data"), config, options),
                    Optional.of(ledger::add),
                    Optional.empty(),
                    clock);
            return new GatewayFixture(folder, simulator, gateway, ledger);
        } catch (StartException e) {
            simulator.close();
            throw new AssertionError("the gateway does not start: " + e.problems(), e);
        } catch (IOException e) {
            simulator.close();
            throw new UncheckedIOException(e);
        }
    }

    /** Another gateway over the same simulator, with the same settings and master key and nothing else in common; to be closed before this. */
    public Gateway replica() {
        try {
            Path data = Files.createDirectories(folder.resolve("replica"));
            Files.copy(folder.resolve("data").resolve("master.key"), data.resolve("master.key"));
            return Gateway.start(options(data, folder.resolve("sluice.yaml"), List.of()), Optional.empty());
        } catch (StartException e) {
            throw new AssertionError("the replica does not start: " + e.problems(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Base URL of the data plane, without a slash at the end. */
    public String url() {
        return gateway.url();
    }

    public Simulator simulator() {
        return simulator;
    }

    public Gateway gateway() {
        return gateway;
    }

    /** The data folder of the gateway. */
    public Path data() {
        return folder.resolve("data");
    }

    /** A GET on the data plane; an empty key sends none. */
    public HttpResponse<String> get(String path, String key) {
        return send(request(url() + path, key).build());
    }

    /** A POST of JSON on the data plane; an empty key sends none. */
    public HttpResponse<String> post(String path, String key, String body) {
        return send(request(url() + path, key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8))
                .build());
    }

    /** The same without waiting for the answer; cancelled, the client leaves. */
    public CompletableFuture<HttpResponse<String>> postLater(String path, String key, String body) {
        return http.sendAsync(
                request(url() + path, key)
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body, UTF_8))
                        .build(),
                HttpResponse.BodyHandlers.ofString(UTF_8));
    }

    /** A GET on the admin API, as the administrator. */
    public JsonObject admin(String path) {
        HttpResponse<String> answer =
                send(request(gateway.adminUrl() + path, gateway.adminToken()).build());
        if (answer.statusCode() != 200)
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        return new JsonObject(answer.body());
    }

    /** The records of all calls so far, as soon as there are so many of them. */
    public List<UsageRecord> records(int count) {
        return records(count, _ -> true);
    }

    /** The records of all calls so far that match, as soon as there are so many of them. */
    public List<UsageRecord> records(int count, Predicate<UsageRecord> wanted) {
        try {
            return ledger.await(count, wanted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + count + " usage records", e);
        }
    }

    /**
     * The rows of the usage report, one for each group. A call is settled a moment after its client has the answer, so ask for its
     * {@link #records} first.
     */
    public List<JsonObject> usage(String... groupBy) {
        if (!gateway.settleUsage(PATIENCE)) throw new AssertionError("usage is not in the reports after " + PATIENCE);
        String dimensions = groupBy.length == 0 ? "" : "?groupBy=" + String.join(",", groupBy);
        return admin("/admin/v1/usage" + dimensions).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** Waits for what the simulator tells later, e.g. {@code gateway.await(gateway.simulator().journal().awaitCancellation(1))}. */
    public <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        http.close();
        gateway.close();
        simulator.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GatewayOptions options(Path data, Path config, List<String> more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--config",
                config.toString(),
                "--data",
                data.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--admin-port",
                "0",
                "--drain-grace-ms",
                "0",
                "--drain-ms",
                "1000"));
        arguments.addAll(more);
        return switch (CommandLine.parse(arguments, Map.of(), 2)) {
            case Parsed.Accepted(Command.Run(GatewayOptions options)) -> options;
            case Parsed refused -> throw new AssertionError("options of the test are refused: " + refused);
        };
    }

    private static HttpRequest.Builder request(String url, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
        return key.isEmpty() ? request : request.header("authorization", "Bearer " + key);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
