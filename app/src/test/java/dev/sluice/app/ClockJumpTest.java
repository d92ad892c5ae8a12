package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The wall clock is set an hour forward and back while calls are made. */
class ClockJumpTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String FREE = "sk-clock-free-012345";
    private static final String THREE = "sk-clock-three-01234";
    private static final String ONE = "sk-clock-one-0123456";
    private static final String DAILY = "sk-clock-daily-01234";

    private static final String DECLARED = """
            providerKeys:
              - { name: first, provider: openai-compatible, secret: sk-first }
              - { name: second, provider: openai-compatible, secret: sk-second }
            services:
              - { name: simulated, provider: openai-compatible, address: { url: "${SIM}/v1" }, keys: [first, second], keyPolicy: failover }
            modelApis:
              - { name: chat, distribution: { strategy: single, targets: [ { service: simulated } ] } }
            consumers:
              - { name: caller, modelApis: [chat] }
            apiKeys:
              - { name: free, consumer: caller, secret: %s }
              - { name: three, consumer: caller, secret: %s, limits: { rpm: 3 } }
              - { name: one, consumer: caller, secret: %s, limits: { concurrency: 1 } }
              - { name: daily, consumer: caller, secret: %s, quota: { tokensPerDay: 5 } }
            """.formatted(FREE, THREE, ONE, DAILY);

    private final JumpingClock clock = new JumpingClock();

    @Test
    void limitsOfAMinuteAreNeitherRefilledNorFrozen() {
        try (GatewayFixture gateway = GatewayFixture.start(DECLARED, clock)) {
            for (int i = 0; i < 3; i++) assertThat(call(gateway, THREE)).isEqualTo(200);
            clock.jump(HOUR);
            assertThat(call(gateway, THREE)).isEqualTo(429);
            clock.jump(HOUR.multipliedBy(-2));
            assertThat(call(gateway, THREE)).isEqualTo(429);
        }
    }

    @Test
    void aCallThatRunsKeepsItsPlaceAndGivesItBackAtItsEnd() {
        try (GatewayFixture gateway = GatewayFixture.start(DECLARED, clock)) {
            gateway.simulator().rules().next(1, "hang");
            CompletableFuture<HttpResponse<String>> running = gateway.postLater("/v1/chat/completions", ONE, body());
            gateway.await(gateway.simulator().journal().awaitArrival(1));
            clock.jump(HOUR.multipliedBy(3));
            assertThat(call(gateway, ONE)).isEqualTo(429);
            clock.jump(HOUR.multipliedBy(-6));
            assertThat(call(gateway, ONE)).isEqualTo(429);

            running.cancel(true);
            gateway.records(1, r -> r.apiKey().equals("one") && r.status() != 429);
            assertThat(call(gateway, ONE)).isEqualTo(200);
        }
    }

    @Test
    void aQuotaOfADayEndsWithTheDayOfTheWallClock() {
        try (GatewayFixture gateway = GatewayFixture.start(DECLARED, clock)) {
            assertThat(call(gateway, DAILY)).isEqualTo(200);
            gateway.records(1);
            assertThat(call(gateway, DAILY)).isEqualTo(429);
            clock.jump(HOUR);
            assertThat(call(gateway, DAILY)).isEqualTo(429);
            clock.jump(HOUR.multipliedBy(-2));
            assertThat(call(gateway, DAILY)).isEqualTo(429);
            clock.jump(Duration.ofHours(14));
            assertThat(call(gateway, DAILY)).isEqualTo(200);
        }
    }

    @Test
    void aKeyRestsAsLongAsTheProviderAskedAndTheAdminApiTellsTheTimeOfTheWallClock() {
        try (GatewayFixture gateway = GatewayFixture.start(DECLARED, clock)) {
            gateway.simulator()
                    .rules()
                    .add(Rule.always("status=429;retry-after=300").forApiKey("sk-first"));
            assertThat(call(gateway, FREE)).isEqualTo(200);
            gateway.simulator().rules().clear();
            for (Duration jump : new Duration[] {HOUR, HOUR.multipliedBy(-2)}) {
                clock.jump(jump);
                assertThat(call(gateway, FREE)).isEqualTo(200);
                assertThat(gateway.simulator().journal().last().header("authorization"))
                        .contains("Bearer sk-second");
                JsonObject runtime =
                        gateway.admin("/admin/v1/providerKeys/first").getJsonObject("runtime");
                Instant until = Instant.parse(runtime.getString("restingUntil"));
                assertThat(until)
                        .isBetween(
                                clock.instant().plusSeconds(200),
                                clock.instant().plusSeconds(301));
            }
        }
    }

    @Test
    void everyCallIsInUsageOnceAtTheHourThatTheWallClockShowed() {
        try (GatewayFixture gateway = GatewayFixture.start(DECLARED, clock)) {
            call(gateway, FREE);
            gateway.records(1);
            clock.jump(HOUR);
            call(gateway, FREE);
            gateway.records(2);
            clock.jump(HOUR.multipliedBy(-2));
            call(gateway, FREE);
            gateway.records(3);
            assertThat(gateway.gateway().settleUsage(Duration.ofSeconds(10))).isTrue();
            assertThat(gateway
                            .admin("/admin/v1/usage?groupBy=hour&from=2027-03-10T00:00:00Z&to=2027-03-11T00:00:00Z")
                            .getJsonArray("items")
                            .stream()
                            .map(JsonObject.class::cast)
                            .map(row -> row.getString("hour").substring(0, 13) + " " + row.getLong("calls")))
                    .containsExactlyInAnyOrder("2027-03-10T11 1", "2027-03-10T12 1", "2027-03-10T13 1");
        }
    }

    private static int call(GatewayFixture gateway, String key) {
        return gateway.post("/v1/chat/completions", key, body()).statusCode();
    }

    private static String body() {
        return "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hello world\"}]}";
    }
}
