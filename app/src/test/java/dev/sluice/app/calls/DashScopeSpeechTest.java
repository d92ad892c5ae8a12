package dev.sluice.app.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of DashScope that speak, and tasks that write down what is said, for DashScope's own clients. */
class DashScopeSpeechTest {
    private static final String SPEECH = "/api/v1/services/aigc/multimodal-generation/generation";
    private static final String TRANSCRIPTION = "/api/v1/services/audio/asr/transcription";
    private static final String SPOKEN =
            "{ \"model\":\"qwen3-tts-flash\", \"input\":{\"text\":\"hello world\",\"voice\":\"Cherry\",\"language_type\":\"English\"} }";
    private static final String WRITTEN = """
            {"model":"paraformer-v2","input":{"file_urls":["https://a.example/1.wav","https://a.example/2.wav"]},
             "parameters":{"language_hints":["en"]}}""";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static Simulator other;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        other = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                consumers:
                  - { name: caller, modelApis: [speech] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                services:
                  - { name: voices, provider: dashscope, protocol: native, address: { url: "%1$s" } }
                  - { name: ears, provider: dashscope, protocol: native, address: { url: "%3$s" } }
                modelApis:
                  - name: speech
                    useCase: speech
                    protocol: dashscope
                    distribution:
                      strategy: by-model-name
                      targets: [ { pattern: "*-tts-*", service: voices }, { pattern: "*", service: ears } ]
                """.formatted(provider.url(), GatewayUnderTest.KEY, other.url()));
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
        provider.journal().clear();
        other.rules().clear();
        other.journal().clear();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
        other.close();
    }

    private static JsonObject task(String id) {
        Reply reply = gateway.get("/api/v1/tasks/" + id, "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    @Test
    void theClientsOwnBytesAreSpoken() {
        Reply reply = gateway.call(SPEECH, SPOKEN);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().getJsonObject("output").getJsonObject("audio").getString("url"))
                .endsWith(".wav");
        ReceivedCall received = provider.journal().last();
        assertThat(received.path()).isEqualTo(SPEECH);
        assertThat(received.text()).isEqualTo(SPOKEN);
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.model()).isEqualTo("qwen3-tts-flash");
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage()).isEqualTo(received.billed()).isEqualTo(Usage.of(2, 20));
    }

    @Test
    void soundComesPieceByPiece() {
        Reply reply = gateway.call(SPEECH, SPOKEN, "x-dashscope-sse", "enable");
        assertThat(reply.header("content-type")).startsWith("text/event-stream");
        StringBuilder sound = new StringBuilder();
        List<JsonObject> events = reply.text()
                .lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> new JsonObject(line.substring("data:".length())).getJsonObject("output"))
                .toList();
        for (JsonObject event : events)
            sound.append(new String(
                    Base64.getDecoder().decode(event.getJsonObject("audio").getString("data")), UTF_8));
        assertThat(sound).hasToString("simulatedsound");
        assertThat(events.getLast().getJsonObject("audio").getString("url")).endsWith(".wav");
        assertThat(provider.journal().last().header("x-dashscope-sse")).hasValue("enable");
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage()).isEqualTo(Usage.of(2, 20));
    }

    @Test
    void anErrorBeforeTheFirstSoundIsAnError() {
        provider.rules().next(1, "status=429");
        Reply reply = gateway.call(SPEECH, SPOKEN, "x-dashscope-sse", "enable");
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.json().getString("code")).isNotEmpty();
    }

    @Test
    void aTranscriptionIsFoundWhereItWasBegun() {
        Reply begun = gateway.call(TRANSCRIPTION, WRITTEN, "x-dashscope-async", "enable");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        ReceivedCall received = other.journal().last();
        assertThat(received.path()).isEqualTo(TRANSCRIPTION);
        assertThat(received.text()).isEqualTo(WRITTEN);
        assertThat(received.header("x-dashscope-async")).hasValue("enable");
        assertThat(gateway.record(begun.id()).model()).isEqualTo("paraformer-v2");
        String id = begun.json().getJsonObject("output").getString("task_id");
        JsonObject output = new JsonObject();
        for (int i = 0; i < 3; i++) {
            output = task(id).getJsonObject("output");
            assertThat(output.getString("task_id")).isEqualTo(id);
        }
        assertThat(output.getString("task_status")).isEqualTo("SUCCEEDED");
        JsonArray results = output.getJsonArray("results");
        assertThat(results).hasSize(2);
        assertThat(results.getJsonObject(1).getString("file_url")).isEqualTo("https://a.example/2.wav");
        assertThat(results.getJsonObject(1).getString("transcription_url")).endsWith(".json");
        assertThat(provider.journal().size()).isZero();
    }

    @Test
    void aTranscriptionIsNotBegunTwice() {
        other.rules().add(Rule.always("close").forPath(TRANSCRIPTION));
        Reply reply = gateway.call(TRANSCRIPTION, WRITTEN, "x-dashscope-async", "enable");
        assertThat(reply.status()).isEqualTo(502);
        assertThat(other.journal().size()).isEqualTo(1);
    }
}
