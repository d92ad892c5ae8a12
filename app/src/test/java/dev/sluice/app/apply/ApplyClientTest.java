package dev.sluice.app.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.AdminOptions;
import dev.sluice.admin.AdminPorts;
import dev.sluice.admin.AdminServer;
import dev.sluice.admin.audit.AuditLog;
import dev.sluice.admin.resources.ConnectionTest;
import dev.sluice.admin.routes.RouteExplainer;
import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Author;
import dev.sluice.settings.KeyHash;
import dev.sluice.settings.ProviderKey;
import dev.sluice.settings.Secret;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.SettingsRepository;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.traffic.health.KeyState;
import dev.sluice.traffic.health.ServiceState;
import dev.sluice.traffic.usage.UsageQuery;
import dev.sluice.traffic.usage.UsageReports;
import dev.sluice.traffic.usage.UsageRow;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplyClientTest {
    private static final String TOKEN = "token-of-the-test";
    private static final String YAML = """
            consumers:
              - { name: shop }
            apiKeys:
              - { name: shop-key, consumer: shop }
            """;

    @TempDir
    Path folder;

    private final MemorySettings settings = new MemorySettings();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    private final Map<String, String> environment = new HashMap<>();
    private Vertx vertx;
    private AdminServer server;

    @BeforeEach
    void startAGateway() throws Exception {
        vertx = Vertx.vertx();
        server = AdminServer.start(vertx, AdminOptions.on("127.0.0.1", 0), ports())
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stopIt() throws Exception {
        server.close(Duration.ofSeconds(1))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private GatewayConnection gateway(String token) {
        return new GatewayConnection(URI.create("http://127.0.0.1:" + server.port()), token);
    }

    private Exit apply(Path path, boolean dryRun, boolean prune) {
        printed.reset();
        return new ApplyClient(gateway(TOKEN), name -> Optional.ofNullable(environment.get(name)), out)
                .apply(path, dryRun, prune);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void printsWhatChangesAndGeneratedSecretsOnce() throws IOException {
        Path file = write("sluice.yaml", YAML);
        assertThat(apply(file, true, false)).isEqualTo(Exit.OK);
        assertThat(printed())
                .isEqualToNormalizingNewlines(
                        "+ consumers shop\n+ apiKeys shop-key\n2 to create, 0 to update, 0 to delete; dry run, nothing was changed\n");
        assertThat(settings.current().revision()).isZero();

        assertThat(apply(file, false, false)).isEqualTo(Exit.OK);
        assertThat(printed()).contains("; done", "not shown again", "    shop-key: sk-");

        assertThat(apply(file, false, false)).isEqualTo(Exit.OK);
        assertThat(printed()).isEqualToNormalizingNewlines("nothing to change\n");
    }

    @Test
    void printsTheDifferencesOfAnUpdate() throws IOException {
        apply(write("sluice.yaml", YAML), false, false);
        apply(write("sluice.yaml", YAML.replace("name: shop }", "name: shop, description: till }")), false, false);
        assertThat(printed()).contains("~ consumers shop", "    description: \"\" -> \"till\"", "1 to update");
    }

    @Test
    void deletesWhatIsNotNamedOnlyWhenAskedTo() throws IOException {
        apply(write("sluice.yaml", YAML), false, false);
        Path less = write("less.yaml", "consumers: [{ name: shop }]");
        assertThat(apply(less, false, false)).isEqualTo(Exit.OK);
        assertThat(printed()).contains("nothing to change");
        assertThat(apply(less, false, true)).isEqualTo(Exit.OK);
        assertThat(printed()).contains("- apiKeys shop-key", "1 to delete");
    }

    @Test
    void listsProblemsOnePerLineWithFileAndLine() throws IOException {
        Path file = write("bad.yaml", "consumers:\n  - { name: shop, colour: red }\nmodelApi: []\n");
        assertThat(apply(file, false, false)).isEqualTo(Exit.REFUSED);
        assertThat(printed().lines().toList())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(file + ":2: consumers[0].colour: unknown field"))
                .anyMatch(line -> line.startsWith(file + ":3: modelApi: unknown field"));
    }

    @Test
    void appliesAFolderAsOneDeclaration() throws IOException {
        write("b.yaml", "consumers: [{ name: shop }]");
        write("a.yml", "apiKeys: [{ name: shop-key, consumer: shop, secret: env:SHOP_KEY }]");
        write("c.json", "{\"providerKeys\":[{\"name\":\"main\",\"provider\":\"openai\",\"secret\":\"${MAIN}\"}]}");
        write("notes.txt", "not: [valid");
        environment.put("SHOP_KEY", "secret-of-the-shop");
        environment.put("MAIN", "line one: \"quoted\"");
        assertThat(apply(folder, false, false)).as(printed()).isEqualTo(Exit.OK);
        assertThat(printed()).doesNotContain("secret-of-the-shop", "quoted");
        assertThat(settings.current()
                        .find(ApiKey.class, "default", "shop-key")
                        .orElseThrow()
                        .spec()
                        .credential()
                        .hash())
                .isEqualTo(KeyHash.of("secret-of-the-shop"));
        assertThat(settings.current()
                        .find(ProviderKey.class, "default", "main")
                        .orElseThrow()
                        .spec()
                        .secret())
                .isEqualTo(new Secret.Literal("line one: \"quoted\""));
    }

    @Test
    void saysWhatIsWrongWithThePath() throws IOException {
        assertThat(apply(folder.resolve("none.yaml"), false, false)).isEqualTo(Exit.REFUSED);
        assertThat(printed()).contains("none.yaml", "does not exist");
        assertThat(apply(folder, false, false)).isEqualTo(Exit.REFUSED);
        assertThat(printed()).contains("holds no file");
        Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {(byte) 0xe9});
        assertThat(apply(latin, false, false)).isEqualTo(Exit.REFUSED);
        assertThat(printed()).contains("latin.yaml", "UTF-8");
    }

    @Test
    void saysWhatToDoWhenNoGatewayListens() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        GatewayConnection nobody = new GatewayConnection(URI.create("http://127.0.0.1:" + free), TOKEN);
        assertThat(new ApplyClient(nobody, _ -> Optional.empty(), out).apply(write("a.yaml", YAML), false, false))
                .isEqualTo(Exit.UNREACHABLE);
        assertThat(printed()).contains("no gateway listens at http://127.0.0.1:" + free, "./sluice run");
        assertThat(Exit.UNREACHABLE.code()).isEqualTo(3);
    }

    @Test
    void saysWhichTokenIsMeantWhenItIsWrong() throws IOException {
        Path file = write("a.yaml", YAML);
        assertThat(new ApplyClient(gateway("wrong"), _ -> Optional.empty(), out).apply(file, false, false))
                .isEqualTo(Exit.REFUSED);
        assertThat(printed()).contains("SLUICE_ADMIN_TOKEN");
    }

    @Test
    void countsAStoreThatIsAwayAsUnreachable() throws IOException {
        settings.away = true;
        assertThat(apply(write("a.yaml", YAML), false, false)).isEqualTo(Exit.UNREACHABLE);
        assertThat(printed()).contains("the store cannot be reached");
    }

    @Test
    void exportsWhatWasApplied() throws IOException {
        apply(write("a.yaml", YAML), false, false);
        printed.reset();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
        assertThat(new ExportClient(gateway(TOKEN), out, err).export(false)).isEqualTo(Exit.OK);
        Path exported = write("exported.yaml", printed());
        assertThat(apply(exported, false, false)).isEqualTo(Exit.OK);
        assertThat(printed()).contains("nothing to change");
        assertThat(new ExportClient(gateway("wrong"), out, err).export(true)).isEqualTo(Exit.REFUSED);
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("not the admin token");
    }

    @Test
    void refusesAnAddressThatIsNoHttpAddress() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> new GatewayConnection(URI.create("localhost:8081"), TOKEN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("localhost:8081");
    }

    private AdminPorts ports() {
        AuditLog audit = new AuditLog() {
            @Override
            public void note(Author author, String tenant, String action, String detail) {}

            @Override
            public Page read(Filter filter, int offset, int limit) {
                return new Page(List.of(), 0);
            }

            @Override
            public long firstBrokenLink() {
                return -1;
            }
        };
        UsageReports usage = new UsageReports() {
            @Override
            public List<UsageRow> query(UsageQuery query) {
                return List.of();
            }

            @Override
            public Map<String, Long> tokensByApiKeySince(Instant from) {
                return Map.of();
            }
        };
        return new AdminPorts(
                TOKEN,
                settings,
                Catalogue.load(),
                audit,
                usage,
                _ -> {},
                id -> new KeyState(id, KeyState.Status.ACTIVE, 0, 0, "", 0),
                _ -> ServiceState.NONE,
                _ -> {},
                (tenant, service, model, key) -> new ConnectionTest.Result(true, 0, 200, "", ""),
                List::of,
                _ -> new RouteExplainer.Explanation(null, List.of(), List.of(), null),
                List::of,
                List::of,
                () -> "",
                _ -> null,
                SecretResolver.literals(),
                IllegalStateException.class::isInstance,
                InstantSource.system());
    }

    private static final class MemorySettings implements SettingsRepository {
        volatile boolean away;
        private Settings current = Settings.EMPTY;

        @Override
        public synchronized Settings current() {
            if (away) throw new IllegalStateException("away");
            return current;
        }

        @Override
        public synchronized Settings change(Author author, UnaryOperator<Settings> edit) {
            Settings before = current();
            Settings after = edit.apply(before);
            if (after.equals(before)) return before;
            current = after.withRevision(before.revision() + 1);
            return current;
        }
    }
}
