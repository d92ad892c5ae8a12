package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images, audio, moderations, rerank, files, batches, videos and paths that nobody reads. */
class OpenAiOperationsTest {
    private static final String FORM_TYPE = "multipart/form-data; boundary=cut-here";
    private static final String FILE_PART =
            "--cut-here\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n";
    private static final String MODEL_PART =
            "\r\n--cut-here\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nhearing";
    private static final String END = "\r\n--cut-here--\r\n";

    @TempDir
    static Path folder;

    private static Vertx vertx;
    private static AtomicLong swallowed;
    private static Simulator provider;
    private static Simulator other;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() throws Exception {
        provider = Simulator.start();
        other = Simulator.start();
        vertx = Vertx.vertx();
        swallowed = new AtomicLong();
        HttpServer swallower = vertx.createHttpServer()
                .requestHandler(request -> {
                    AtomicLong bytes = new AtomicLong();
                    request.handler(chunk -> bytes.addAndGet(chunk.length()));
                    request.endHandler(_ -> {
                        swallowed.set(bytes.get());
                        request.response()
                                .putHeader("content-type", "application/json")
                                .end("{\"id\":\"file-1\",\"object\":\"file\"}");
                    });
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        gateway = GatewayUnderTest.start(
                folder, """
                services:
                  - { name: main, address: { url: "%1$s/v1" }, modelPolicy: { mapping: { hearing: whisper-large } } }
                  - { name: other, address: { url: "%2$s/v1" } }
                  - { name: swallower, address: { url: "http://127.0.0.1:%3$d/v1" } }
                modelApis:
                  - name: main
                    routes: [/v1/images/generations, /v1/images/edits, /v1/images/variations, /v1/audio/speech, /v1/audio/transcriptions,
                             /v1/audio/translations, /v1/moderations, /v1/files, /v1/batches, /v1/videos, /v1/responses]
                    distribution: { strategy: single, targets: [ { service: main } ] }
                    fallback: { steps: [ { service: other } ] }
                  - { name: ranking, basePath: /ranking, useCase: rerank, protocol: rerank,
                      distribution: { strategy: single, targets: [ { service: main } ] } }
                  - { name: big, basePath: /big, routes: [/v1/files, /v1/audio/transcriptions],
                      distribution: { strategy: single, targets: [ { service: swallower } ] } }
                  - { name: any, basePath: /any, useCase: others, protocol: any,
                      distribution: { strategy: single, targets: [ { service: swallower } ] } }
                prices:
                  - { provider: openai-compatible, model: "dall-e*", perImage: 0.04 }
                  - { provider: openai-compatible, model: tts, perMillionCharacters: 15 }
                  - { provider: openai-compatible, model: whisper-1, perSecond: 0.0001 }
                  - { provider: openai-compatible, model: sora-2, perSecond: 0.1 }
                consumers:
                  - { name: caller, modelApis: [main, ranking, big, any] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %4$s }
                """.formatted(provider.url(), other.url(), swallower.actualPort(), GatewayUnderTest.KEY));
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
        other.journal().clear();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
        other.close();
        vertx.close().await();
    }

    private static HttpResponse<String> upload(String path, HttpRequest.BodyPublisher body) throws Exception {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(gateway.gateway().url() + path))
                            .header("content-type", FORM_TYPE)
                            .header("authorization", "Bearer " + GatewayUnderTest.KEY)
                            .POST(body)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> upload(String path, String body) throws Exception {
        return upload(path, HttpRequest.BodyPublishers.ofString(body));
    }

    private static UsageRecord record(HttpResponse<?> reply) {
        return gateway.record(reply.headers().firstValue("x-request-id").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/images/generations | {"model":"gpt-image-1","prompt":"a b c"}                              | application/json  | 3 | 100
            /v1/images/generations | {"model":"gpt-image-1","prompt":"a b c","stream":true}                | text/event-stream | 3 | 100
            /v1/audio/speech       | {"model":"tts","input":"a b c","voice":"x","stream_format":"sse"}      | text/event-stream | 3 | 20
            /ranking/v1/rerank     | {"model":"rank","query":"a","documents":["b"]}                        | application/json  | R | 0
            /ranking/v2/rerank     | {"model":"rank","query":"a","documents":["b"]}                        | application/json  | R | 0
            """)
    void countsWhatTheProviderReports(String path, String body, String type, String input, long output) {
        Reply reply = gateway.call(path, body);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("content-type")).startsWith(type);
        assertThat(provider.journal().last().text()).isEqualTo(body);
        UsageRecord record = gateway.record(reply.id());
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.usage()).isEqualTo(provider.journal().last().reported());
        assertThat(record.usage().outputTokens()).isEqualTo(output);
        if (!input.equals("R")) assertThat(record.usage().inputTokens()).isEqualTo(Long.parseLong(input));
    }

    @Test
    void countsImagesSecondsAndCharacters() throws Exception {
        provider.rules().add(Rule.always("usage=none").forModel("dall-e-3"));
        String images = gateway.call("/v1/images/generations", "{\"model\":\"dall-e-3\",\"prompt\":\"a\",\"n\":3}")
                .id();
        assertCounted(gateway.record(images), new Units(3, 0, 0, 0), 120_000);
        String speech = gateway.call(
                        "/v1/audio/speech", "{\"model\":\"tts\",\"input\":\"h\u00e9llo \ud83d\ude00\",\"voice\":\"x\"}")
                .id();
        assertCounted(gateway.record(speech), new Units(0, 0, 7, 0), 105);
        HttpResponse<String> heard = upload(
                "/v1/audio/transcriptions", FILE_PART + "sound" + MODEL_PART.replace("hearing", "whisper-1") + END);
        assertCounted(record(heard), new Units(0, 4_000, 0, 0), 400);
        Reply video = gateway.call("/v1/videos", "{\"model\":\"sora-2\",\"prompt\":\"a\",\"seconds\":\"8\"}");
        assertCounted(gateway.record(video.id()), new Units(0, 0, 0, 8_000), 800_000);
    }

    private static void assertCounted(UsageRecord record, Units units, long costMicros) {
        assertThat(record.units()).isEqualTo(units);
        assertThat(record.usage()).isEqualTo(Usage.ZERO);
        assertThat(record.provenance()).isEqualTo(Provenance.REPORTED);
        assertThat(record.costMicros()).isEqualTo(costMicros);
        assertThat(record.currency()).isEqualTo("USD");
    }

    @Test
    void unitsAreInTheUsageReportAndTheMetrics() {
        Reply reply =
                gateway.call("/v1/images/generations", "{\"model\":\"gpt-image-units\",\"prompt\":\"a\",\"n\":2}");
        gateway.record(reply.id());
        JsonObject row = gateway.usage("model").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(item -> item.getString("model").equals("gpt-image-units"))
                .findFirst()
                .orElseThrow();
        assertThat(row.getLong("images")).isEqualTo(2);
        assertThat(row.getLong("outputTokens")).isEqualTo(100);
        assertThat(gateway.admin("GET", "/metrics", "", "").text())
                .contains(
                        "sluice_units_total{model=\"gpt-image-units\",model_api=\"main\",service=\"main\",unit=\"image\"} 2.0");
    }

    @Test
    void aVideoIsCountedWhenItIsMadeNotWhenItIsAskedAfter() throws Exception {
        String id = gateway.call("/v1/videos", "{\"model\":\"sora-2\",\"prompt\":\"once\"}")
                .json()
                .getString("id");
        Reply asked = gateway.get("/v1/videos/" + id, "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(asked.status()).isEqualTo(200);
        assertThat(gateway.record(asked.id()).units()).isEqualTo(Units.NONE);
    }

    @Test
    void soundGoesOutAsItIs() {
        Reply reply = gateway.call("/v1/audio/speech", "{\"model\":\"tts\",\"input\":\"hello\",\"voice\":\"x\"}");
        assertThat(reply.header("content-type")).isEqualTo("audio/mpeg");
        assertThat(reply.text()).isEqualTo("ID3hello");
        assertThat(gateway.record(reply.id()).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void aModerationMayNameNoModel() {
        String body = "{\"input\":[\"a\",\"b\"]}";
        Reply reply = gateway.call("/v1/moderations", body);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().getJsonArray("results")).hasSize(2);
        assertThat(provider.journal().last().text()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({"/v1/audio/transcriptions", "/v1/audio/translations", "/v1/images/edits", "/v1/images/variations"})
    void findsTheModelBehindAFileAndChangesNothingElse(String path) throws Exception {
        String body = FILE_PART + "sound hearing" + MODEL_PART + END;
        HttpResponse<String> reply = upload(path, body);
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(provider.journal().last().text())
                .isEqualTo(body.replace("\r\n\r\nhearing", "\r\n\r\nwhisper-large"));
        UsageRecord record = record(reply);
        assertThat(record.askedModel()).isEqualTo("hearing");
        assertThat(record.model()).isEqualTo("whisper-large");
        assertThat(record.usage())
                .isEqualTo(provider.journal().last().reported())
                .isNotEqualTo(Usage.ZERO);
    }

    @Test
    void aFormLongerThanTheWindowIsPassedOnWhileItComes() throws Exception {
        String body = MODEL_PART.substring(2) + "\r\n" + FILE_PART + "x".repeat(3 << 20) + END;
        HttpResponse<String> reply = upload("/v1/audio/transcriptions", body);
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(provider.journal().last().text().equals(body.replace("\r\n\r\nhearing", "\r\n\r\nwhisper-large")))
                .isTrue();
        assertThat(record(reply).requestBytes()).isEqualTo(body.length());
    }

    @Test
    void aModelBehindAFileThatIsTooLongIsRefused() throws Exception {
        HttpResponse<String> reply = upload(
                "/v1/audio/transcriptions",
                FILE_PART + "x".repeat(GatewayUnderTest.MAX_BODY_BYTES + (1 << 20)) + MODEL_PART + END);
        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.body()).contains("send \\\"model\\\" before the file", "--max-body-bytes");
    }

    @Test
    void aFormWithoutAModelOrWithTwoIsRefused() throws Exception {
        assertThat(upload("/v1/audio/transcriptions", FILE_PART + "x" + END).body())
                .contains("no field \\\"model\\\"");
        assertThat(upload("/v1/audio/transcriptions", FILE_PART + "x" + MODEL_PART + MODEL_PART + END)
                        .body())
                .contains("given twice");
    }

    @Test
    void filesOfHundredsOfMegabytesPassThrough() throws Exception {
        long size = 300L << 20;
        byte[] head = FILE_PART.getBytes(StandardCharsets.UTF_8);
        byte[] end = END.getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> reply = upload(
                "/big/v1/files",
                HttpRequest.BodyPublishers.ofInputStream(() -> new SequenceInputStream(
                        new SequenceInputStream(new java.io.ByteArrayInputStream(head), new Zeros(size)),
                        new java.io.ByteArrayInputStream(end))));
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(swallowed.get()).isEqualTo(head.length + size + end.length);
        assertThat(record(reply).requestBytes()).isEqualTo(swallowed.get());
        assertThat(gateway.gateway().callsInFlight()).isZero();
    }

    @Test
    void theContentOfAFileIsNotReadWhateverItIs() {
        Reply file = gateway.get("/big/v1/files/file-1", "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(file.json().getString("id")).startsWith("file-slc1");
        Reply content = gateway.get("/big/v1/files/file-1/content", "authorization", "Bearer " + GatewayUnderTest.KEY);
        assertThat(content.text()).isEqualTo("{\"id\":\"file-1\",\"object\":\"file\"}");
    }

    @Test
    void pathsThatNobodyReadsStreamToo() throws Exception {
        HttpResponse<String> reply = upload(
                "/any/anything",
                HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofInputStream(() -> new Zeros(5L << 20)), 5L << 20));
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(swallowed.get()).isEqualTo(5L << 20);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/batches, 200",
        "GET, /v1/batches/batch_1, 404",
        "POST, /v1/batches/batch_1/cancel, 404",
        "GET, /v1/files, 200",
        "GET, /v1/files/file-1, 404",
        "DELETE, /v1/files/file-1, 404",
        "POST, /v1/videos, 200",
        "GET, /v1/videos/video_1, 404",
        "POST, /v1/videos/video_1/remix, 404",
        "GET, /v1/responses/resp_1, 404",
        "DELETE, /v1/responses/resp_1, 404",
    })
    void whatProvidersKeepIsReachedBelowItsPath(String method, String path, int status) throws Exception {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> reply = http.send(
                    HttpRequest.newBuilder(URI.create(gateway.gateway().url() + path))
                            .header("content-type", "application/json")
                            .header("authorization", "Bearer " + GatewayUnderTest.KEY)
                            .method(
                                    method,
                                    method.equals("POST")
                                            ? HttpRequest.BodyPublishers.ofString("{\"prompt\":\"a\"}")
                                            : HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(reply.statusCode()).isEqualTo(status);
            assertThat(provider.journal().last().path()).isEqualTo(path);
            assertThat(provider.journal().last().method()).isEqualTo(method);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "status=503, 200, 1",
        "status=429, 200, 1",
        "status=500, 502, 0",
        "close, 502, 0",
    })
    void whatMakesSomethingIsTriedElsewhereOnlyIfNothingWasMade(String fault, int status, int others) {
        provider.rules().add(Rule.always(fault));
        Reply reply = gateway.call("/v1/videos", "{\"model\":\"sora-2\",\"prompt\":\"a\"}");
        assertThat(reply.status()).isEqualTo(status);
        assertThat(other.journal().size()).isEqualTo(others);
    }

    /** So many zeros. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long size) {
            left = size;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) return -1;
            int n = (int) Math.min(left, length);
            java.util.Arrays.fill(bytes, offset, offset + n, (byte) 0);
            left -= n;
            return n;
        }
    }
}
