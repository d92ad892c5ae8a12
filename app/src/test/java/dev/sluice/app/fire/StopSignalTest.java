package dev.sluice.app.fire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is asked to end, and asked again. */
class StopSignalTest {
    private static final int A_DAY_MILLIS = 86_400_000;
    private static final String KEY = "sk-stop-signal-test-0123";

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void theFirstSignalBeginsTheGraceAndTheSecondEndsIt() throws Exception {
        try (Simulator simulator = Simulator.start()) {
            Path config = Files.writeString(folder.resolve("sluice.yaml"), """
                    services:
                      - { name: simulated, address: { url: "%s/v1" } }
                    modelApis:
                      - { name: chat, distribution: { strategy: single, targets: [ { service: simulated } ] } }
                    consumers:
                      - { name: caller, modelApis: [chat] }
                    apiKeys:
                      - { name: caller-key, consumer: caller, secret: %s }
                    """.formatted(simulator.url(), KEY));
            try (GatewayProcess gateway = GatewayProcess.start(config, folder.resolve("data"), A_DAY_MILLIS)) {
                assertThat(ready(gateway)).isEqualTo(200);
                gateway.askToStop();
                while (ready(gateway) == 200) Thread.onSpinWait();
                assertThat(ready(gateway)).isEqualTo(503);
                assertThat(http.send(Load.request(gateway.url(), KEY, false), HttpResponse.BodyHandlers.ofString(UTF_8))
                                .statusCode())
                        .isEqualTo(200);
                gateway.stop();
            }
        }
    }

    private int ready(GatewayProcess gateway) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.adminUrl() + "/readyz"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
