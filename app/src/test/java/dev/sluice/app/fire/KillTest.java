package dev.sluice.app.fire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the whole gateway while it serves calls, starts it again on the same data folder, and compares what its clients
 * saw with what it counted. {@code -Dsluice.rounds=20} for more rounds, {@code -Dsluice.seed=N} for other moments.
 */
class KillTest {
    private static final int ROUNDS = Integer.getInteger("sluice.rounds", 3);
    private static final long SEED = Long.getLong("sluice.seed", 20_261_126);
    private static final int CLIENTS = 12;
    /** A record may be this young and not be on the disk yet. */
    private static final Duration WINDOW = Duration.ofMillis(100);

    private static final String VICTIM = "sk-kill-test-victim-0123";
    private static final String FRESH = "sk-kill-test-fresh-4567";

    private static final String DECLARED = """
            services:
              - { name: simulated, provider: openai-compatible, address: { url: "${SIM}/v1" } }
            modelApis:
              - { name: chat, distribution: { strategy: single, targets: [ { service: simulated } ] } }
            consumers:
              - { name: caller, modelApis: [chat] }
            apiKeys:
              - { name: victim, consumer: caller, secret: ${VICTIM}, limits: { concurrency: 12 }, quota: { tokensTotal: 1000000000 } }
              - { name: fresh, consumer: caller, secret: ${FRESH}, quota: { tokensTotal: 1000000000 } }
            """;

    @TempDir
    Path folder;

    /** What clients saw up to a kill, and when that was. */
    private record Round(List<Load.Answer> answers, long killedAtNanos, Duration stalled) {}

    @Test
    void everyAnsweredCallIsInUsageOnceAndNoneTwiceHoweverOftenTheGatewayIsKilled() throws Exception {
        Random random = new Random(SEED);
        List<Round> rounds = new ArrayList<>();
        Path data = folder.resolve("data");
        try (Simulator simulator = Simulator.start();
                Stalls stalls = new Stalls()) {
            simulator.rules().add(Rule.always("tokens=12;tps=1500;jitter=4"));
            Path config = Files.writeString(
                    folder.resolve("sluice.yaml"),
                    DECLARED.replace("${SIM}", simulator.url())
                            .replace("${VICTIM}", VICTIM)
                            .replace("${FRESH}", FRESH));
            for (int i = 0; i < ROUNDS; i++) {
                rounds.add(serveAndKill(config, data, 100 + random.nextInt(900), stalls));
            }
            givesBackWhatTheDeadHeld(config, data);
        }
        compare(rounds, Counted.in(data));
    }

    private static Round serveAndKill(Path config, Path data, int answers, Stalls stalls) throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(config, data);
                Load load = new Load(gateway.url(), VICTIM, CLIENTS)) {
            load.awaitAnswers(answers);
            long killedAt = System.nanoTime();
            gateway.kill();
            Duration stalled = stalls.longestOfTheLast(Duration.ofMillis(500));
            List<Load.Answer> seen = load.end();
            // All places of the key were taken when the process before died.
            assertThat(load.refusals()).isEmpty();
            return new Round(seen, killedAt, stalled);
        }
    }

    /** After a start a key has used what usage says, and holds nothing for calls of dead processes. */
    private static void givesBackWhatTheDeadHeld(Path config, Path data) throws Exception {
        try (GatewayProcess gateway = GatewayProcess.start(config, data);
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest usage = HttpRequest.newBuilder(URI.create(gateway.adminUrl() + "/admin/v1/usage"))
                    .header("authorization", "Bearer " + GatewayProcess.ADMIN_TOKEN)
                    .build();
            long used = new JsonObject(http.send(usage, HttpResponse.BodyHandlers.ofString(UTF_8))
                            .body())
                    .getJsonArray("items")
                    .getJsonObject(0)
                    .getLong("totalTokens");
            assertThat(remaining(http, gateway, FRESH) - remaining(http, gateway, VICTIM))
                    .isEqualTo(used);
            gateway.stop();
        }
    }

    private static long remaining(HttpClient http, GatewayProcess gateway, String key)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(Load.request(gateway.url(), key, false), HttpResponse.BodyHandlers.ofString(UTF_8));
        return answer.headers().firstValueAsLong("x-ratelimit-remaining-tokens").orElseThrow();
    }

    private static void compare(List<Round> rounds, Counted counted) {
        assertThat(counted.twice()).as("calls that are in usage twice").isEmpty();
        assertThat(counted.inReports()).isEqualTo(counted.ids().size());
        int seen = 0;
        int missing = 0;
        long oldest = 0;
        for (Round round : rounds) {
            for (Load.Answer answer : round.answers()) {
                seen++;
                if (counted.ids().contains(answer.id())) continue;
                missing++;
                long age = round.killedAtNanos() - answer.atNanos();
                oldest = Math.max(oldest, age);
                assertThat(Duration.ofNanos(age))
                        .as("age of a call that is not in usage, with a machine that stood still for "
                                + round.stalled())
                        .isLessThanOrEqualTo(WINDOW.plus(round.stalled().multipliedBy(2)));
            }
        }
        assertThat(seen).isGreaterThanOrEqualTo(rounds.size() * 100);
        System.getLogger(KillTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "kill -9, " + rounds.size() + " rounds, seed " + SEED + ": " + seen
                                + " calls answered to the end, " + counted.ids().size() + " in usage, none twice; "
                                + missing + " answered calls missing, the oldest "
                                + Duration.ofNanos(oldest).toMillis() + " ms before its kill");
    }
}
