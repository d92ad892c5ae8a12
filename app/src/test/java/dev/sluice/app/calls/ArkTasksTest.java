package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.affinity.IdSeal;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Films that Volcengine Ark makes in the background: begun, asked after, listed, cancelled, and charged once. */
class ArkTasksTest {
    private static final String TASKS = "/ark/api/v3/contents/generations/tasks";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String FILM =
            "{\"model\":\"film\",\"content\":[{\"type\":\"text\",\"text\":\"a fish\"}],\"duration\":5}";

    @TempDir
    Path folder;

    private Simulator provider;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                services:
                  - name: ark
                    provider: doubao
                    address: { url: "%1$s/api/v3" }
                    modelPolicy: { mapping: { film: doubao-seedance-1-0-pro } }
                  - { name: ark-too, provider: doubao, address: { url: "%1$s/api/v3" } }
                modelApis:
                  - name: ark
                    basePath: /ark
                    useCase: video-generation
                    routes: [/api/v3/contents/generations/tasks]
                    distribution:
                      strategy: by-model-name
                      targets: [ { pattern: film, service: ark }, { pattern: "*", service: ark-too } ]
                prices:
                  - { provider: doubao, model: "doubao-seedance*", outputPerMillion: 15, currency: CNY, batchFactor: 0.5 }
                consumers:
                  - { name: caller, modelApis: [ark] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    private String begun() {
        Reply reply = gateway.call(TASKS, FILM);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().getString("id");
    }

    private JsonObject get(String path) {
        Reply reply = gateway.get(path, "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        gateway.record(reply.id());
        return reply.json();
    }

    @Test
    void aTaskIsFoundByItsIdAndChargedOnceWhenItHasSucceeded() {
        String id = begun();
        assertThat(IdSeal.isSealed(id)).as(id).isTrue();
        assertThat(get(TASKS + "/" + id).getString("status")).isEqualTo("running");
        assertThat(gateway.usage("consumer")
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getLong("totalTokens"))
                .isZero();
        for (int i = 0; i < 3; i++) {
            JsonObject film = get(TASKS + "/" + id);
            assertThat(film.getString("id")).isEqualTo(id);
            assertThat(film.getString("model")).isEqualTo("doubao-seedance-1-0-pro");
            assertThat(film.getString("status")).isEqualTo("succeeded");
        }
        JsonObject used = gateway.usage("currency").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(item -> item.getString("currency").equals("CNY"))
                .findFirst()
                .orElseThrow();
        assertThat(used.getLong("outputTokens")).isEqualTo(10_800);
        assertThat(used.getLong("costMicros")).as("a task is no batch").isEqualTo(162_000);
    }

    @Test
    void aTaskIsCancelledByTheServiceThatMadeIt() throws Exception {
        String id = begun();
        HttpResponse<String> cancelled = HTTP.send(
                HttpRequest.newBuilder(URI.create(gateway.gateway().url() + TASKS + "/" + id))
                        .header("authorization", "Bearer " + GatewayUnderTest.KEY)
                        .timeout(Duration.ofSeconds(20))
                        .DELETE()
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(cancelled.statusCode()).as(cancelled.body()).isEqualTo(200);
        assertThat(get(TASKS + "/" + id).getString("status")).isEqualTo("cancelled");
    }

    @Test
    void aListNamesTasksByTheIdsThatTheirMakersKnow() {
        String id = begun();
        JsonObject list = get(TASKS + "?page_num=1&page_size=10");
        assertThat(list.getInteger("total")).isOne();
        assertThat(get(TASKS + "/" + list.getJsonArray("items").getJsonObject(0).getString("id"))
                        .getString("status"))
                .isEqualTo("running");
        assertThat(id).isNotEmpty();
    }
}
