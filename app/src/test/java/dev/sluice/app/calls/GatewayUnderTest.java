package dev.sluice.app.calls;

import dev.sluice.app.Gateway;
import dev.sluice.app.cli.AccessLog;
import dev.sluice.app.cli.GatewayOptions;
import dev.sluice.app.cli.Redacted;
import dev.sluice.app.cli.StoreLocation;
import dev.sluice.proxy.Transport;
import dev.sluice.traffic.usage.UsageRecord;
import dev.sluice.upstreams.credential.IdentityEndpoint;
import dev.sluice.upstreams.source.NameResolver;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A running gateway, its two kinds of clients, and the usage record of each of its calls. */
final class GatewayUnderTest implements AutoCloseable {
    static final String KEY = "sk-caller-0123456789";
    static final int MAX_BODY_BYTES = 1 << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration DRAIN = Duration.ofSeconds(5);

    private final Gateway gateway;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final Map<String, CompletableFuture<UsageRecord>> records;

    private GatewayUnderTest(Gateway gateway, Map<String, CompletableFuture<UsageRecord>> records) {
        this.gateway = gateway;
        this.records = records;
    }

    /** A gateway that keeps its data below a folder and owns the declaration, which stays the caller's to change when empty. */
    static GatewayUnderTest start(Path folder, String declaration) {
        return start(folder, declaration, Optional.empty());
    }

    /** With a resolver for the names in DNS addresses. */
    static GatewayUnderTest start(Path folder, String declaration, Optional<NameResolver> resolver) {
        return start(folder, declaration, resolver, Transport.PLAIN, null, Duration.ZERO, DRAIN);
    }

    /** One whose services may be where clouds hand out credentials. */
    static GatewayUnderTest startWithMetadata(Path folder, String declaration) {
        return start(
                folder,
                declaration,
                Optional.empty(),
                Transport.PLAIN,
                null,
                Duration.ZERO,
                DRAIN,
                16 << 20,
                null,
                true,
                null);
    }

    /** One whose provider keys may be the managed identity of its machine. */
    static GatewayUnderTest startWithIdentity(Path folder, String declaration, IdentityEndpoint identity) {
        return start(
                folder,
                declaration,
                Optional.empty(),
                Transport.PLAIN,
                null,
                Duration.ZERO,
                DRAIN,
                16 << 20,
                null,
                false,
                identity);
    }

    /** One that gives its clients time to go elsewhere when it stops. */
    static GatewayUnderTest start(Path folder, String declaration, Duration drainGrace) {
        return start(folder, declaration, drainGrace, DRAIN);
    }

    /** @param drain how long calls may still take after that */
    static GatewayUnderTest start(Path folder, String declaration, Duration drainGrace, Duration drain) {
        return start(folder, declaration, Optional.empty(), Transport.PLAIN, null, drainGrace, drain);
    }

    /** @param certificates for a transport that listens for TLS */
    static GatewayUnderTest start(Path folder, String declaration, Transport transport, @Nullable Path certificates) {
        return start(folder, declaration, Optional.empty(), transport, certificates, Duration.ZERO, DRAIN);
    }

    /** One that holds no more than so many bytes of an answer, and of all calls together. */
    static GatewayUnderTest start(
            Path folder, String declaration, Transport transport, int maxAnswerBytes, int maxBufferedBytes) {
        return start(
                folder,
                declaration,
                Optional.empty(),
                transport,
                null,
                Duration.ZERO,
                DRAIN,
                maxAnswerBytes,
                maxBufferedBytes,
                false,
                null);
    }

    private static GatewayUnderTest start(
            Path folder,
            String declaration,
            Optional<NameResolver> resolver,
            Transport transport,
            @Nullable Path certificates,
            Duration drainGrace,
            Duration drain) {
        return start(
                folder, declaration, resolver, transport, certificates, drainGrace, drain, 16 << 20, null, false, null);
    }

    private static GatewayUnderTest start(
            Path folder,
            String declaration,
            Optional<NameResolver> resolver,
            Transport transport,
            @Nullable Path certificates,
            Duration drainGrace,
            Duration drain,
            int maxAnswerBytes,
            @Nullable Integer maxBufferedBytes,
            boolean allowMetadata,
            @Nullable IdentityEndpoint identity) {
        try {
            Files.createDirectories(folder);
            Path file = null;
            if (!declaration.isEmpty()) file = Files.writeString(folder.resolve("sluice.yaml"), declaration);
            Map<String, CompletableFuture<UsageRecord>> records = new ConcurrentHashMap<>();
            Path data = folder.resolve("data");
            GatewayOptions options = new GatewayOptions(
                    file,
                    data,
                    "127.0.0.1",
                    0,
                    "127.0.0.1",
                    0,
                    new StoreLocation.Sqlite(data.resolve("sluice.db")),
                    1,
                    new AccessLog.Off(),
                    MAX_BODY_BYTES,
                    4 << 20,
                    maxAnswerBytes,
                    maxBufferedBytes,
                    drainGrace,
                    drain,
                    certificates,
                    transport,
                    allowMetadata,
                    identity,
                    new Redacted("admin-token-0123456789"),
                    null);
            Gateway gateway = Gateway.start(
                    options,
                    Optional.of(batch -> batch.forEach(r -> {
                        of(records, r.id()).complete(r);
                        of(records, "model " + r.askedModel()).complete(r);
                        if (r.isCall()) of(records, "call " + r.askedModel()).complete(r);
                        of(records, "api " + r.modelApi()).complete(r);
                    })),
                    resolver);
            return new GatewayUnderTest(gateway, records);
        } catch (Exception e) {
            throw new AssertionError("the gateway does not start: " + e.getMessage(), e);
        }
    }

    Gateway gateway() {
        return gateway;
    }

    /** Calls as the caller with {@link #KEY}. */
    Reply call(String path, String body, String... headers) {
        return callAs(KEY, path, body, headers);
    }

    Reply callAs(String key, String path, String body, String... headers) {
        return send(request(key, path, body, headers).build());
    }

    Reply callBytes(String path, byte[] body, String... headers) {
        return send(request(KEY, path, "", headers)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    CompletableFuture<Reply> callAsync(String path, String body, String... headers) {
        return http.sendAsync(request(KEY, path, body, headers).build(), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(Reply::of);
    }

    Reply get(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(gateway.url() + path)).timeout(PATIENCE);
        if (headers.length > 0) request.headers(headers);
        return send(request.build());
    }

    /** A connection to speak HTTP by hand. */
    RawConnection connect() {
        return RawConnection.open(gateway.port());
    }

    Reply admin(String method, String path, String contentType, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.adminUrl() + path))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + gateway.adminToken())
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!contentType.isEmpty()) request.header("content-type", contentType);
        if (headers.length > 0) request.headers(headers);
        return send(request.build());
    }

    /** A figure of {@code /metrics} that has no labels. */
    double gauge(String name) {
        String line = admin("GET", "/metrics", "", "")
                .text()
                .lines()
                .filter(l -> l.startsWith(name + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
        return Double.parseDouble(line.substring(name.length() + 1));
    }

    JsonObject adminGet(String path) {
        return admin("GET", path, "", "").json();
    }

    /** The usage record of a call, which is written once the call has ended. */
    UsageRecord record(String requestId) {
        return of(records, requestId)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** The usage record of the first call that asked for a model. */
    UsageRecord recordOfModel(String model) {
        return record("model " + model);
    }

    /** The same, for a session, whose turns have records of their own. */
    UsageRecord sessionOfModel(String model) {
        return record("call " + model);
    }

    /** The usage record of the first call of a Model API. */
    UsageRecord recordOfModelApi(String name) {
        return record("api " + name);
    }

    /** The sums of the usage API over all calls that have ended. */
    JsonObject usage(String groupBy) {
        if (!gateway.settleUsage(PATIENCE)) throw new AssertionError("usage is not in the store after " + PATIENCE);
        return adminGet("/admin/v1/usage?groupBy=" + groupBy);
    }

    @Override
    public void close() {
        http.close();
        gateway.close();
    }

    /** Looks again and again until it is so. */
    static void await(String what, BooleanSupplier wanted) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("it did not happen in " + PATIENCE + ": " + what);
            Thread.onSpinWait();
        }
    }

    private HttpRequest.Builder request(String key, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway.url() + path))
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) request.header("authorization", "Bearer " + key);
        if (headers.length > 0) request.headers(headers);
        return request;
    }

    private Reply send(HttpRequest request) {
        try {
            return Reply.of(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static CompletableFuture<UsageRecord> of(Map<String, CompletableFuture<UsageRecord>> records, String id) {
        return records.computeIfAbsent(id, _ -> new CompletableFuture<>());
    }

    /** {@code {"model":"gpt-4o","messages":[…]}}, a stream if wanted. */
    static String chat(String model, boolean stream) {
        return "{\"model\":\"" + model + "\"" + (stream ? ",\"stream\":true" : "")
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"one two three four\"}]}";
    }

    static String chat() {
        return chat("gpt-4o", false);
    }

    static List<String> events(String stream) {
        return List.of(stream.split("(?<=\n\n)"));
    }
}
