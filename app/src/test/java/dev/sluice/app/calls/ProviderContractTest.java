package dev.sluice.app.calls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.Offer;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.settings.catalogue.Task;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.settings.snapshot.Node;
import dev.sluice.settings.snapshot.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider in every form that it takes, against an upstream that records what arrives: {@code provider-calls.txt}. */
class ProviderContractTest {
    private static final String TABLE = "provider-calls.txt";
    private static final String ACCESS_KEY_ID = "AKIDEXAMPLE";
    private static final String ACCESS_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final List<Row> ROWS = rows();

    @TempDir
    static Path folder;

    private static final BlockingQueue<Recorded> RECORDED = new LinkedBlockingQueue<>();
    private static HttpServer recorder;
    private static GatewayUnderTest gateway;

    /** Which Model API leads to a service of these fields. */
    private static final Map<String, Integer> APIS = new LinkedHashMap<>();

    private static final Map<String, Node> NODES = new LinkedHashMap<>();

    record Recorded(String method, String target, Map<String, String> headers, String body) {}

    /** A line of the table. */
    record Row(
            String provider,
            String fields,
            String form,
            String url,
            String streamUrl,
            String authorisation,
            String sent,
            String sentForStream) {
        String service() {
            return provider + " " + fields;
        }

        String url(boolean stream) {
            return stream && !streamUrl.equals("=") ? streamUrl : url;
        }

        @Override
        public String toString() {
            return provider + " " + form + " {" + fields + "}";
        }
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String line : text(TABLE).lines().toList()) {
            if (line.startsWith("#") || line.isBlank()) continue;
            String[] cells = line.split("\\|", -1);
            for (int i = 0; i < cells.length; i++) cells[i] = cells[i].strip();
            assertThat(cells).as(line).hasSize(8);
            rows.add(new Row(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7]));
        }
        return rows;
    }

    private static String text(String resource) {
        try (InputStream in = ProviderContractTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new AssertionError(resource, e);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        recorder = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        recorder.createContext("/", ProviderContractTest::record);
        recorder.start();
        StringBuilder services = new StringBuilder();
        StringBuilder keys = new StringBuilder();
        StringBuilder apis = new StringBuilder();
        StringBuilder names = new StringBuilder();
        for (Row row : ROWS) {
            if (APIS.containsKey(row.service())) continue;
            int n = APIS.size();
            APIS.put(row.service(), n);
            Node node = node(row);
            NODES.put(row.service(), node);
            String others = row.fields().replaceAll("address: \\{[^}]*}(, )?", "");
            services.append(
                    "  - { name: s%d, provider: %s%s, keys: [k%d], address: { url: \"http://127.0.0.1:%d%s\" } }\n"
                            .formatted(
                                    n,
                                    row.provider(),
                                    others.isEmpty() ? "" : ", " + others,
                                    n,
                                    recorder.getAddress().getPort(),
                                    node.basePath()));
            keys.append("  - { name: k%d, provider: %s, secret: '%s' }\n".formatted(n, row.provider(), secret(row)));
            names.append(n == 0 ? "" : ", ").append("a").append(n);
            apis.append("""
                      - name: a%1$d
                        basePath: /a%1$d
                        routes: [/v1/chat/completions, /v1/completions, /v1/responses, /v1/embeddings, /v1/images/generations, /v1/rerank,
                          /v1/messages, /v1/messages/count_tokens, "/v1beta/models/{model}:countTokens",
                          /api/v1/services/aigc/text2image/image-synthesis]
                        distribution: { strategy: single, targets: [ { service: s%1$d } ] }
                    """.formatted(n));
        }
        gateway = GatewayUnderTest.start(
                folder,
                "providerKeys:\n" + keys + "services:\n" + services + "consumers:\n  - { name: caller, modelApis: ["
                        + names
                        + "] }\napiKeys:\n  - { name: caller-key, consumer: caller, secret: " + GatewayUnderTest.KEY
                        + " }\nmodelApis:\n" + apis);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        recorder.stop(0);
    }

    /** Where the service lives as it is declared, before it is pointed at the recorder. */
    private static Node node(Row row) {
        SecretResolver secrets =
                SecretResolver.of(Map.<String, String>of()::get, HttpClient.newHttpClient(), InstantSource.system());
        String yaml = "services: [ { name: s, provider: " + row.provider()
                + (row.fields().isEmpty() ? "" : ", " + row.fields()) + " } ]";
        Edit edit = new Editor(CATALOGUE, secrets, new Random(1), InstantSource.system())
                .apply(
                        Settings.EMPTY,
                        Declaration.parse(List.of(new Declaration.Document(row.toString(), yaml)), _ -> null),
                        Owner.FILE,
                        false);
        if (!(edit instanceof Edit.Accepted accepted)) throw new AssertionError(row + ": " + edit);
        return Snapshot.build(accepted.settings(), CATALOGUE, secrets)
                .services()
                .getFirst()
                .nodes()
                .getFirst();
    }

    private static String secret(Row row) throws GeneralSecurityException {
        if (row.authorisation().contains("SIGV4")) return ACCESS_KEY_ID + ":" + ACCESS_SECRET;
        if (row.authorisation().contains("TC3")) return ACCESS_KEY_ID + ":" + ACCESS_SECRET;
        if (!row.authorisation().contains("of-the-account")) return "k-1";
        String recorderUrl = "http://127.0.0.1:" + recorder.getAddress().getPort();
        if (row.provider().equals("azure-openai") || row.provider().equals("foundry"))
            return new JsonObject()
                    .put("tenantId", "t-1")
                    .put("clientId", "c-1")
                    .put("clientSecret", "s-1")
                    .put("activeDirectoryEndpointUrl", recorderUrl)
                    .encode();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return new JsonObject()
                .put("project_id", "p-1")
                .put("private_key_id", "kid-1")
                .put("private_key", pem)
                .put("client_email", "robot@p-1.iam.gserviceaccount.com")
                .put("token_uri", recorderUrl + "/token")
                .encode();
    }

    private static void record(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            boolean exchangesToken = exchange.getRequestURI().getPath().endsWith("/token");
            if (!exchangesToken) {
                Map<String, String> headers = new LinkedHashMap<>();
                exchange.getRequestHeaders()
                        .forEach(
                                (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
                RECORDED.add(new Recorded(
                        exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
            }
            // A refusal of the request ends the call and leaves key and circuit as they are.
            byte[] answer = (exchangesToken
                            ? "{\"access_token\":\"of-the-account\",\"expires_in\":3600}"
                            : "{\"error\":{\"message\":\"recorded\"}}")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(exchangesToken ? 200 : 400, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    static Stream<Row> whole() {
        return ROWS.stream();
    }

    static Stream<Row> streamed() {
        return ROWS.stream().filter(row -> !row.streamUrl().equals("-"));
    }

    @Test
    void everyProviderIsThereInEveryFormThatItTakes() {
        TreeSet<String> wanted = new TreeSet<>();
        for (Provider provider : CATALOGUE.providers()) {
            for (Offer offer : Arrays.asList(provider.openai(), provider.own(), provider.variant())) {
                if (offer == null) continue;
                for (WireForm form : offer.forms()) wanted.add(provider.id() + " " + Binder.kebab(form.name()));
            }
        }
        TreeSet<String> there = new TreeSet<>();
        for (Row row : ROWS) there.add(row.provider() + " " + row.form());
        assertThat(there).as("forms in " + TABLE).isEqualTo(wanted);
    }

    @ParameterizedTest
    @MethodSource("whole")
    void aCallIsSentAsTheProviderWantsIt(Row row) throws Exception {
        check(row, false, row.sent());
    }

    @ParameterizedTest
    @MethodSource("streamed")
    void aStreamIsAskedForAsTheProviderWantsIt(Row row) throws Exception {
        check(row, true, row.sentForStream());
    }

    private static void check(Row row, boolean stream, String sent) throws Exception {
        RECORDED.clear();
        Reply reply = gateway.call("/a" + APIS.get(row.service()) + path(row), question(row, stream), headers(row));
        assertThat(RECORDED)
                .as("calls that arrived; the client got %s %s", reply.status(), reply.text())
                .hasSize(1);
        Recorded got = Objects.requireNonNull(RECORDED.poll());
        Node node = NODES.get(row.service());
        int usual = node.tls() ? 443 : 80;
        String origin =
                (node.tls() ? "https://" : "http://") + node.host() + (node.port() == usual ? "" : ":" + node.port());
        assertThat(got.method()).isEqualTo("POST");
        assertThat(origin + got.target()).isEqualTo(row.url(stream));
        assertThat(got.headers().get("host"))
                .isEqualTo("127.0.0.1:" + recorder.getAddress().getPort());
        assertThat(got.headers().get("content-type")).startsWith("application/json");
        assertThat(got.body() + got.headers()).doesNotContain(GatewayUnderTest.KEY);
        for (String item : (row.authorisation() + "; " + sent).split("; ")) check(item, got);
    }

    private static void check(String item, Recorded got) throws GeneralSecurityException {
        boolean absent = item.startsWith("!");
        String claim = absent ? item.substring(1) : item;
        int equals = claim.indexOf('=');
        String name = equals < 0 ? claim : claim.substring(0, equals);
        String value = equals < 0 ? "" : claim.substring(equals + 1);
        Object found = name.startsWith("@") ? got.headers().get(name.substring(1)) : member(got.body(), name);
        if (absent) assertThat(found).as(item + " in " + got).isNull();
        else if (value.startsWith("SIGV4 ")) assertThat(found).isEqualTo(awsSignature(got, value.split(" ")));
        else if (value.equals("TC3")) assertThat(found).isEqualTo(tencentSignature(got));
        else assertThat(String.valueOf(found)).as(item + " in " + got).isEqualTo(value);
    }

    private static Object member(String body, String path) {
        Object at = new JsonObject(body);
        for (String step : path.split("\\.")) {
            at = switch (at) {
                case JsonObject object -> object.getValue(step);
                case JsonArray array -> array.getValue(Integer.parseInt(step));
                case null, default -> null;
            };
        }
        return at;
    }

    private static String path(Row row) {
        return switch (row.form()) {
            case "openai-completions" -> "/v1/completions";
            case "openai-responses" -> "/v1/responses";
            case "dashscope-image" -> "/api/v1/services/aigc/text2image/image-synthesis";
            case "anthropic-messages" -> "/v1/messages";
            case "openai-count" -> "/v1/responses/input_tokens";
            case "anthropic-count" -> "/v1/messages/count_tokens";
            case "gemini-count" -> "/v1beta/models/m-1:countTokens";
            default ->
                ofTask(WireForm.valueOf(row.form().toUpperCase(Locale.ROOT).replace('-', '_'))
                        .task());
        };
    }

    /** Where OpenAI's and Jina's clients ask for it. */
    private static String ofTask(Task task) {
        return switch (task) {
            case CHAT -> "/v1/chat/completions";
            case EMBEDDING -> "/v1/embeddings";
            case RERANK -> "/v1/rerank";
            case IMAGE -> "/v1/images/generations";
            case COUNT -> "/v1/messages/count_tokens";
        };
    }

    /** DashScope's own clients ask for a task, as there is nothing else to be had. */
    private static String[] headers(Row row) {
        return row.form().equals("dashscope-image") ? new String[] {"x-dashscope-async", "enable"} : new String[0];
    }

    private static String model(Row row) {
        return switch (row.form()) {
            case "vertex-messages", "vertex-count" -> "claude-m-1";
            case "bedrock-messages", "bedrock-count" -> "anthropic.claude-m-1-v1:0";
            case "vertex-embed-content" -> "gemini-embedding-2";
            default -> "m-1";
        };
    }

    private static String question(Row row, boolean stream) {
        JsonObject body = new JsonObject().put("model", model(row));
        if (stream) body.put("stream", true);
        JsonArray messages =
                new JsonArray().add(new JsonObject().put("role", "user").put("content", "ping"));
        switch (path(row)) {
            case "/v1/completions" -> body.put("prompt", "ping").put("max_tokens", 5);
            case "/v1/responses", "/v1/responses/input_tokens", "/v1/embeddings" -> body.put("input", "ping");
            case "/v1/rerank" ->
                body.put("query", "ping")
                        .put("documents", new JsonArray().add("one").add("two"));
            case "/v1/images/generations" -> body.put("prompt", "ping");
            case "/api/v1/services/aigc/text2image/image-synthesis" ->
                body.put("input", new JsonObject().put("prompt", "ping"));
            case "/v1beta/models/m-1:countTokens" -> {
                JsonObject part = new JsonObject().put("text", "ping");
                return new JsonObject()
                        .put("contents", new JsonArray().add(new JsonObject().put("parts", new JsonArray().add(part))))
                        .encode();
            }
            case "/v1/messages/count_tokens" -> body.put("messages", messages);
            default -> body.put("messages", messages).put("max_tokens", 5);
        }
        return body.encode();
    }

    /** @param scope the marker, the region, the service */
    private static String awsSignature(Recorded got, String[] scope) throws GeneralSecurityException {
        String time = got.headers().get("x-amz-date");
        String date = time.substring(0, 8);
        String credential = date + "/" + scope[1] + "/" + scope[2] + "/aws4_request";
        List<String> signed = List.of("content-type", "host", "x-amz-content-sha256", "x-amz-date");
        StringBuilder canonical = new StringBuilder("POST\n" + got.target().replace("%", "%25") + "\n\n");
        for (String name : signed)
            canonical.append(name).append(':').append(got.headers().get(name)).append('\n');
        assertThat(got.headers().get("x-amz-content-sha256")).isEqualTo(sha256(got.body()));
        canonical.append('\n').append(String.join(";", signed)).append('\n').append(sha256(got.body()));
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + credential + "\n" + sha256(canonical.toString());
        byte[] key = hmac(
                hmac(hmac(hmac(("AWS4" + ACCESS_SECRET).getBytes(UTF_8), date), scope[1]), scope[2]), "aws4_request");
        return "AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY_ID + "/" + credential + ", SignedHeaders="
                + String.join(";", signed) + ", Signature=" + HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String tencentSignature(Recorded got) throws GeneralSecurityException {
        String time = got.headers().get("x-tc-timestamp");
        String date = Instant.ofEpochSecond(Long.parseLong(time)).toString().substring(0, 10);
        String scope = date + "/hunyuan/tc3_request";
        String canonical = "POST\n/\n\ncontent-type:" + got.headers().get("content-type") + "\nhost:"
                + got.headers().get("host") + "\n\ncontent-type;host\n" + sha256(got.body());
        String toSign = "TC3-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical);
        byte[] key = hmac(hmac(hmac(("TC3" + ACCESS_SECRET).getBytes(UTF_8), date), "hunyuan"), "tc3_request");
        return "TC3-HMAC-SHA256 Credential=" + ACCESS_KEY_ID + "/" + scope
                + ", SignedHeaders=content-type;host, Signature="
                + HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
