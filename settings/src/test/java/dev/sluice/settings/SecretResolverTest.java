package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.settings.SecretResolver.Resolution.Found;
import dev.sluice.settings.SecretResolver.Resolution.Missing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretResolverTest {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new ConcurrentHashMap<>();
    private final Map<String, String> kept = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final SecretResolver resolver =
            SecretResolver.of(environment::get, HttpClient.newHttpClient(), (InstantSource) now::get);
    private HttpServer vault;

    @BeforeEach
    void startVault() throws IOException {
        vault = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            boolean known = "token".equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"));
            String body = known ? kept.get(path) : "{}";
            byte[] bytes = (body == null ? "{\"errors\":[]}" : body).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(!known ? 403 : body == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        vault.start();
        environment.put("VAULT_ADDR", "http://127.0.0.1:" + vault.getAddress().getPort() + "/");
        environment.put("VAULT_TOKEN", "token");
    }

    @AfterEach
    void stopVault() {
        vault.stop(0);
    }

    private String reason(String secret) {
        return ((Missing) resolver.resolve(Secret.parse(secret))).reason();
    }

    @Test
    void literalsAreThemselves() {
        assertThat(resolver.resolve(Secret.parse("sk-x"))).isEqualTo(new Found("sk-x"));
        assertThat(new Found("sk-x").toString()).doesNotContain("sk-x");
    }

    @Test
    void variablesComeFromTheEnvironment() {
        environment.put("KEY", " sk-x\n");
        environment.put("EMPTY", " ");
        assertThat(resolver.resolve(Secret.parse("env:KEY"))).isEqualTo(new Found("sk-x"));
        assertThat(reason("env:UNSET")).isEqualTo("environment variable UNSET is not set");
        assertThat(reason("env:EMPTY")).isEqualTo("environment variable EMPTY is empty");
    }

    @Test
    void filesAreTrimmedAndLimited() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "sk-file\n");
        assertThat(resolver.resolve(Secret.parse("file:" + file))).isEqualTo(new Found("sk-file"));
        Files.writeString(file, "x".repeat(70_000));
        assertThat(reason("file:" + file))
                .isEqualTo("file " + file + " has more than 65536 bytes (expected: a secret)");
        assertThat(reason("file:" + folder.resolve("none"))).endsWith("does not exist");
        assertThat(reason("file:" + folder)).contains("cannot be read");
    }

    @Test
    void readsBothVersionsOfTheKeyValueEngine() {
        kept.put("/v1/kv/openai", "{\"data\": {\"key\": \"sk-1\", \"other\": \"sk-2\"}}");
        kept.put("/v1/secret/data/groq", "{\"data\": {\"data\": {\"key\": \"sk-3\"}, \"metadata\": {\"version\": 1}}}");
        assertThat(resolver.resolve(Secret.parse("vault:kv/openai#key"))).isEqualTo(new Found("sk-1"));
        assertThat(resolver.resolve(Secret.parse("vault:kv/openai#other"))).isEqualTo(new Found("sk-2"));
        assertThat(resolver.resolve(Secret.parse("vault:secret/data/groq#key"))).isEqualTo(new Found("sk-3"));
        assertThat(resolver.resolve(Secret.parse("vault:secret/groq#key"))).isEqualTo(new Found("sk-3"));
        assertThat(asked)
                .containsExactly("/v1/kv/openai", "/v1/secret/data/groq", "/v1/secret/groq", "/v1/secret/data/groq");
    }

    @Test
    void saysWhyAVaultSecretIsMissing() {
        kept.put("/v1/kv/a", "{\"data\": {\"key\": \"sk-1\"}}");
        assertThat(reason("vault:kv/a#no")).isEqualTo("vault:kv/a#no: the secret has no such field");
        assertThat(reason("vault:kv/b#key")).isEqualTo("vault:kv/b#key: the vault has no such secret (status 404)");
        environment.put("VAULT_TOKEN", "wrong");
        assertThat(reason("vault:kv/c#key")).isEqualTo("vault:kv/c#key: the vault refuses the token (status 403)");
        environment.remove("VAULT_ADDR");
        assertThat(reason("vault:kv/d#key")).isEqualTo("vault:kv/d#key: environment variable VAULT_ADDR is not set");
    }

    @Test
    void saysAtOnceThatTheVaultRefusesAndTakesTheNewValueAfterwards() {
        kept.put("/v1/kv/a", "{\"data\": {\"key\": \"sk-old\"}}");
        assertThat(resolver.resolve(Secret.parse("vault:kv/a#key"))).isEqualTo(new Found("sk-old"));
        kept.put("/v1/kv/a", "{\"data\": {\"key\": \"sk-new\"}}");
        assertThat(resolver.resolve(Secret.parse("vault:kv/a#key"))).isEqualTo(new Found("sk-old"));
        environment.put("VAULT_TOKEN", "wrong");
        now.updateAndGet(t -> t.plus(Duration.ofSeconds(6)));
        assertThat(reason("vault:kv/a#key")).isEqualTo("vault:kv/a#key: the vault refuses the token (status 403)");
        environment.put("VAULT_TOKEN", "token");
        now.updateAndGet(t -> t.plus(Duration.ofSeconds(6)));
        assertThat(resolver.resolve(Secret.parse("vault:kv/a#key"))).isEqualTo(new Found("sk-new"));
    }

    @Test
    void aVaultThatIsAwayIsNotAskedForEveryKey() {
        vault.stop(0);
        assertThat(reason("vault:kv/a#x")).startsWith("vault:kv/a#x: the vault cannot be reached: ");
        assertThat(reason("vault:kv/a#y")).startsWith("vault:kv/a#y: the vault cannot be reached: ");
        assertThat(asked).isEmpty();
    }
}
