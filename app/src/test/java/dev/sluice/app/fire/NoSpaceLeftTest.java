package dev.sluice.app.fire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway in a process of its own that the system really lets write no more, under load: no call fails, and what was answered is
 * in usage once when there is room again.
 */
class NoSpaceLeftTest {
    private static final int CLIENTS = 12;
    private static final int SOME = 150;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Some dozens of records: segment follows upon segment, until more is to be written than fits, which is then written in part. */
    private static final long HARDLY_ANYTHING = 4_000;

    private static final String KEY = "sk-no-space-left-test-01";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private Simulator simulator;
    private Path config;
    private Path data;

    @BeforeEach
    void declare() throws IOException {
        simulator = Simulator.start();
        simulator.rules().add(Rule.always("tokens=12;tps=1500;jitter=4"));
        data = folder.resolve("data");
        config = Files.writeString(folder.resolve("sluice.yaml"), """
                services:
                  - { name: simulated, provider: openai-compatible, address: { url: "%s/v1" } }
                modelApis:
                  - { name: chat, distribution: { strategy: single, targets: [ { service: simulated } ] } }
                consumers:
                  - { name: caller, modelApis: [chat] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %s, limits: { concurrency: 100 }, quota: { tokensTotal: 1000000000 } }
                """.formatted(simulator.url(), KEY));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void everyCallIsAnsweredAndCountedOnceHoweverOftenTheDiskIsFullMeanwhile() throws Exception {
        Set<String> answered;
        Path accessLog = folder.resolve("access.log");
        try (GatewayProcess gateway = GatewayProcess.onNarrowDisk(-1, config, data, accessLog);
                Load load = new Load(gateway.url(), KEY, CLIENTS)) {
            load.awaitAnswers(SOME);

            gateway.diskTakes(HARDLY_ANYTHING);
            await("the journal fails", () -> gauge(gateway, "sluice_journal_failing") == 1);
            load.awaitAnswers(SOME);
            gateway.diskTakes(0);
            load.awaitAnswers(SOME);
            assertThat(gauge(gateway, "sluice_journal_waiting")).isPositive();
            assertThat(readiness(gateway).getString("status")).isEqualTo("ready");
            await("usage stays in the journal", () -> reasons(gateway).contains("usage waits in the journal"));
            assertThat(reasons(gateway)).contains("the journal cannot be written", "free some disk space");
            assertThat(gateway.log()).anyMatch(line -> line.contains("the journal cannot be written"));
            assertThat(tokens(gateway))
                    .as("what was counted before can be read")
                    .isPositive();
            assertThat(change(gateway, "late"))
                    .as("a change that cannot be kept")
                    .isEqualTo(503);
            hasRoomAgain(gateway);
            assertThat(change(gateway, "late")).isEqualTo(201);

            gateway.diskTakes(0);
            await("the journal fails", () -> gauge(gateway, "sluice_journal_failing") == 1);
            load.awaitAnswers(SOME);
            hasRoomAgain(gateway);
            load.awaitAnswers(SOME);
            answered = ids(load);
            assertThat(gauge(gateway, "sluice_journal_lost")).isZero();
            assertThat(gateway.log()).anyMatch(line -> line.contains("the journal can be written again"));
            gateway.stop();
        }
        compare(answered, Counted.in(data));
        assertThat(Files.readAllLines(accessLog))
                .filteredOn(line -> !line.isEmpty())
                .as("lines of calls that waited for the disk")
                .hasSizeGreaterThan(2 * SOME)
                .allSatisfy(line ->
                        assertThat(new JsonObject(line).getString("requestId")).isIn(answered));
    }

    @Test
    void aGatewayStartsWhoseDiskIsFullAndCountsWhatItServed() throws Exception {
        Set<String> answered;
        Path accessLog = folder.resolve("access.log");
        try (GatewayProcess before = GatewayProcess.start(config, data);
                Load load = new Load(before.url(), KEY, CLIENTS)) {
            load.awaitAnswers(SOME);
            answered = ids(load);
            await("all is in usage", () -> calls(before) == answered.size());
            before.stop();
        }
        try (GatewayProcess gateway = GatewayProcess.onNarrowDisk(0, config, data, accessLog);
                Load load = new Load(gateway.url(), KEY, CLIENTS)) {
            load.awaitAnswers(SOME);
            await("the journal fails", () -> gauge(gateway, "sluice_journal_failing") == 1);
            hasRoomAgain(gateway);
            answered.addAll(ids(load));
            gateway.stop();
        }
        compare(answered, Counted.in(data));
    }

    private static void hasRoomAgain(GatewayProcess gateway) throws Exception {
        gateway.diskTakes(-1);
        await("the journal is written again", () -> gauge(gateway, "sluice_journal_failing") == 0);
        await("nothing else is wrong", () -> reasons(gateway).equals("[]"));
    }

    /** Ends the load; each of its calls was answered. */
    private static Set<String> ids(Load load) throws InterruptedException {
        Set<String> ids = load.end().stream().map(Load.Answer::id).collect(Collectors.toSet());
        assertThat(load.refusals()).isEmpty();
        assertThat(load.breaks()).isEmpty();
        return ids;
    }

    private static void compare(Set<String> answered, Counted counted) {
        assertThat(counted.twice()).as("calls that are in usage twice").isEmpty();
        assertThat(counted.ids()).containsExactlyInAnyOrderElementsOf(answered);
        assertThat(counted.inReports()).isEqualTo(answered.size());
    }

    private static void await(String what, Callable<Boolean> wanted) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.call()) assertThat(System.nanoTime()).as(what).isLessThan(end);
    }

    private static double gauge(GatewayProcess gateway, String name) throws IOException, InterruptedException {
        return get(gateway, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject readiness(GatewayProcess gateway) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(gateway, "/readyz");
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static String reasons(GatewayProcess gateway) throws IOException, InterruptedException {
        return readiness(gateway).getJsonArray("reasons").toString();
    }

    private static long tokens(GatewayProcess gateway) throws IOException, InterruptedException {
        return sum(gateway, "totalTokens");
    }

    private static long calls(GatewayProcess gateway) throws IOException, InterruptedException {
        return sum(gateway, "calls");
    }

    private static long sum(GatewayProcess gateway, String column) throws IOException, InterruptedException {
        JsonArray items = new JsonObject(get(gateway, "/admin/v1/usage").body()).getJsonArray("items");
        return items.isEmpty() ? 0 : items.getJsonObject(0).getLong(column);
    }

    private static int change(GatewayProcess gateway, String consumer) throws IOException, InterruptedException {
        HttpRequest request = admin(gateway, "/admin/v1/consumers")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + consumer + "\"}"))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).statusCode();
    }

    private static HttpResponse<String> get(GatewayProcess gateway, String path)
            throws IOException, InterruptedException {
        return HTTP.send(admin(gateway, path).build(), HttpResponse.BodyHandlers.ofString(UTF_8));
    }

    private static HttpRequest.Builder admin(GatewayProcess gateway, String path) {
        return HttpRequest.newBuilder(URI.create(gateway.adminUrl() + path))
                .header("authorization", "Bearer " + GatewayProcess.ADMIN_TOKEN);
    }
}
