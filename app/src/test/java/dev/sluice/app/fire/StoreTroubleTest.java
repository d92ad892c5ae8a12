package dev.sluice.app.fire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.app.GatewayFixture;
import dev.sluice.store.sql.StoreException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A disk that takes nothing, and a database that somebody else holds: calls are served, and counted once afterwards. */
class StoreTroubleTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String KEY = "sk-store-trouble-0123";

    private static final String DECLARED = """
            services:
              - { name: simulated, provider: openai-compatible, address: { url: "${SIM}/v1" } }
            modelApis:
              - { name: chat, distribution: { strategy: single, targets: [ { service: simulated } ] } }
            consumers:
              - { name: caller, modelApis: [chat] }
            apiKeys:
              - { name: caller-key, consumer: caller, secret: %s, limits: { rpm: 1000 }, quota: { tokensPerDay: 1000000 } }
            """.formatted(KEY);

    @Test
    void aDiskThatTakesNothingStopsNoCallAndLosesNone() throws IOException {
        try (GatewayFixture gateway = GatewayFixture.start(DECLARED)) {
            Path journal = gateway.data().resolve("journal");
            Path away = gateway.data().resolve("away");
            Files.move(journal, away);
            call(gateway, 10);
            // The journal has tried to write.
            gateway.records(1);

            assertThat(gateway.admin("/readyz").getString("status")).isEqualTo("ready");
            assertThat(gateway.admin("/readyz").getJsonArray("reasons").toString())
                    .contains("the journal cannot be written");
            assertThat(metrics(gateway)).contains("sluice_journal_failing 1.0");

            Files.move(away, journal);
            assertThat(gateway.records(10)).hasSize(10);
            assertThat(gateway.usage()).singleElement().satisfies(row -> {
                assertThat(row.getLong("calls")).isEqualTo(10);
                assertThat(row.getLong("totalTokens")).isEqualTo(50);
            });
            assertThat(gateway.admin("/readyz").getJsonArray("reasons")).isEmpty();
            assertThat(metrics(gateway)).contains("sluice_journal_failing 0.0").contains("sluice_journal_lost 0.0");
        }
    }

    @Test
    @SuppressWarnings("try") // The lock is let go of in the middle.
    void aLockedDatabaseStopsNoCallAndUsageIsCompleteAfterwards() throws SQLException {
        try (GatewayFixture gateway = GatewayFixture.start(DECLARED);
                Connection other = DriverManager.getConnection(
                        "jdbc:sqlite:" + gateway.data().resolve("sluice.db"));
                Statement statement = other.createStatement()) {
            statement.execute("begin exclusive");
            call(gateway, 20);
            assertThat(gateway.records(20)).hasSize(20);
            assertThatThrownBy(() -> gateway.gateway().settleUsage(PATIENCE))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("locked by another process");
            call(gateway, 20);

            statement.execute("rollback");
            gateway.records(40);
            assertThat(gateway.usage()).singleElement().satisfies(row -> {
                assertThat(row.getLong("calls")).isEqualTo(40);
                assertThat(row.getLong("totalTokens")).isEqualTo(200);
            });
        }
    }

    /** Whole and streamed in turn; each is answered. */
    private static void call(GatewayFixture gateway, int times) {
        for (int i = 0; i < times; i++) {
            HttpResponse<String> answer = gateway.post(
                    "/v1/chat/completions",
                    KEY,
                    "{\"model\":\"gpt-4o\",\"stream\":" + (i % 2 == 0)
                            + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello world\"}]}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    private static String metrics(GatewayFixture gateway) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(gateway.gateway().adminUrl() + "/metrics"))
                .header("authorization", "Bearer " + gateway.gateway().adminToken())
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
