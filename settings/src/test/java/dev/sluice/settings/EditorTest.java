package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Declaration.Document;
import dev.sluice.settings.Edit.Accepted;
import dev.sluice.settings.Edit.Action;
import dev.sluice.settings.Edit.Change;
import dev.sluice.settings.Edit.Issued;
import dev.sluice.settings.Edit.Reason;
import dev.sluice.settings.Edit.Refused;
import dev.sluice.settings.binding.Difference;
import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problem;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Yaml;
import dev.sluice.settings.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditorTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private final Map<String, String> environment = new java.util.HashMap<>(Map.of("SHOP_KEY", "sk-shop"));
    private final Editor editor = new Editor(
            Catalogue.load(),
            SecretResolver.of(environment::get, java.net.http.HttpClient.newHttpClient(), InstantSource.fixed(NOW)),
            new Random(7),
            InstantSource.fixed(NOW));

    private static final String FILE = """
            providerKeys: [{ name: main, provider: openai, secret: sk-one }]
            services: [{ name: openai, provider: openai, keys: [main] }]
            modelApis: [{ name: chat, distribution: { strategy: single, targets: [{ service: openai }] } }]
            consumers: [{ name: shop, modelApis: [chat] }]
            apiKeys:
              - { name: given, consumer: shop, secret: env:SHOP_KEY }
              - { name: made, consumer: shop }
            """;

    private Edit edit(Settings settings, String yaml, Owner owner, boolean prune) {
        return editor.apply(
                settings, Declaration.parse(List.of(new Document("f.yaml", yaml)), name -> null), owner, prune);
    }

    private Accepted accepted(Settings settings, String yaml, Owner owner, boolean prune) {
        Edit edit = edit(settings, yaml, owner, prune);
        assertThat(edit).isInstanceOf(Accepted.class);
        return (Accepted) edit;
    }

    private static List<String> actions(Accepted edit) {
        return edit.changes().stream()
                .map(c -> c.action() + " " + c.kind().list() + "/" + c.name())
                .toList();
    }

    private static List<String> texts(Edit edit) {
        return ((Refused) edit).problems().stream().map(Problem::text).toList();
    }

    @Test
    void aPatientEditorLeavesKeysTheSecretThatTheyHadWhileTheirSourceFails(@TempDir Path folder) throws IOException {
        Path secret = Files.writeString(folder.resolve("key"), "sk-of-a-file");
        String file = FILE.replace("env:SHOP_KEY", "\"file:" + secret + "\"");
        Settings before = accepted(Settings.EMPTY, file, Owner.FILE, false).settings();
        Files.delete(secret);
        Declaration declared = Declaration.parse(List.of(new Document("f.yaml", file)), name -> null);

        Edit edit = editor.patient().apply(before, declared, Owner.FILE, true);
        assertThat(edit).isInstanceOf(Accepted.class);
        assertThat(((Accepted) edit).settings().find(ApiKey.class, "default", "given"))
                .isEqualTo(before.find(ApiKey.class, "default", "given"));
        assertThat(texts(editor.apply(before, declared, Owner.FILE, true)))
                .containsExactly("f.yaml:6: apiKeys[0].secret: file " + secret + " does not exist");
        assertThat(texts(editor.patient().apply(Settings.EMPTY, declared, Owner.FILE, true)))
                .as("a key that never had one")
                .containsExactly("f.yaml:6: apiKeys[0].secret: file " + secret + " does not exist");
        environment.remove("SHOP_KEY");
        assertThat(texts(editor.patient()
                        .apply(
                                before,
                                Declaration.parse(List.of(new Document("f.yaml", FILE)), name -> null),
                                Owner.FILE,
                                true)))
                .containsExactly("f.yaml:6: apiKeys[0].secret: environment variable SHOP_KEY is not set");
    }

    @Test
    void createsWhatIsNewAndLeavesItAloneTheSecondTime() {
        Accepted first = accepted(Settings.EMPTY, FILE, Owner.FILE, false);
        assertThat(actions(first))
                .containsExactly(
                        "CREATE providerKeys/main",
                        "CREATE services/openai",
                        "CREATE modelApis/chat",
                        "CREATE consumers/shop",
                        "CREATE apiKeys/given",
                        "CREATE apiKeys/made");
        Stored<Service> service =
                first.settings().find(Service.class, "default", "openai").orElseThrow();
        assertThat(service.id()).matches("svc_[0-9a-hjkmnp-tv-z]{26}");
        assertThat(service.version()).isEqualTo(1);
        assertThat(service.owner()).isEqualTo(Owner.FILE);
        assertThat(service.createdAt()).isEqualTo(NOW);

        Accepted second = accepted(first.settings(), FILE, Owner.FILE, true);
        assertThat(second.changes()).allMatch(c -> c.action() == Action.UNCHANGED);
        assertThat(second.issued()).isEmpty();
        assertThat(second.settings()).isSameAs(first.settings());
    }

    @Test
    void aSecretIsMadeOnceAndOnlyItsHashIsKept() {
        Accepted edit = accepted(Settings.EMPTY, FILE, Owner.FILE, false);
        assertThat(edit.issued()).extracting(Issued::apiKey).containsExactly("made");
        String secret = edit.issued().getFirst().secret();
        assertThat(secret).matches("sk-sluice-[0-9A-Za-z]{43}");
        assertThat(edit.issued().getFirst().toString()).doesNotContain(secret);
        ApiKey made = edit.settings()
                .find(ApiKey.class, "default", "made")
                .orElseThrow()
                .spec();
        assertThat(made.secret()).isNull();
        assertThat(made.credential()).isEqualTo(Credential.of(secret));
        ApiKey given = edit.settings()
                .find(ApiKey.class, "default", "given")
                .orElseThrow()
                .spec();
        assertThat(given.secret()).isNull();
        assertThat(given.credential()).isEqualTo(Credential.of("sk-shop"));
    }

    @Test
    void anotherSecretReplacesTheCredential() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.FILE, false).settings();
        environment.put("SHOP_KEY", "sk-other");
        Accepted edit = accepted(before, FILE, Owner.FILE, false);
        Change change = edit.changes().stream()
                .filter(c -> c.action() == Action.UPDATE)
                .findFirst()
                .orElseThrow();
        assertThat(change.name()).isEqualTo("given");
        assertThat(change.differences()).containsExactly(new Difference("credential", "[redacted]", "[redacted]"));
        Stored<ApiKey> key =
                edit.settings().find(ApiKey.class, "default", "given").orElseThrow();
        assertThat(key.version()).isEqualTo(2);
        assertThat(key.spec().credential()).isEqualTo(Credential.of("sk-other"));
    }

    @Test
    void anUpdateTellsEveryFieldThatDiffersAndNoSecret() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.FILE, false).settings();
        String other = FILE.replace("sk-one", "sk-two")
                .replace(
                        "keys: [main]",
                        "keys: [main], timeouts: { connectMs: 5 }, address: { url: \"http://x/v1\" }, keyPolicy: failover");
        Accepted edit = accepted(before, other, Owner.FILE, false);
        assertThat(edit.changes().get(0).differences())
                .containsExactly(new Difference("secret", "[redacted]", "[redacted]"));
        assertThat(edit.changes().get(1).differences())
                .containsExactly(
                        new Difference("address", null, "{\"url\":\"http://x/v1\"}"),
                        new Difference("keyPolicy", "\"round-robin\"", "\"failover\""),
                        new Difference("timeouts.connectMs", "10000", "5"));
    }

    @Test
    void aProviderKeyMayLeaveOutTheSecretItHas() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.API, false).settings();
        Accepted edit =
                accepted(before, "providerKeys: [{ name: main, provider: openai, weight: 9 }]", Owner.API, false);
        ProviderKey key = edit.settings()
                .find(ProviderKey.class, "default", "main")
                .orElseThrow()
                .spec();
        assertThat(key.weight()).isEqualTo(9);
        assertThat(key.secret()).isEqualTo(new Secret.Literal("sk-one"));
    }

    @Test
    void pruneDeletesOnlyWhatTheSameOwnerOwns() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.FILE, false).settings();
        before = accepted(before, "consumers: [{ name: of-the-console }]", Owner.API, false)
                .settings();
        Accepted edit = accepted(before, FILE.replaceAll("(?m)^apiKeys:\\n(.*\\n)*", ""), Owner.FILE, true);
        assertThat(actions(edit))
                .filteredOn(a -> !a.startsWith("UNCHANGED"))
                .containsExactly("DELETE apiKeys/given", "DELETE apiKeys/made");
        assertThat(edit.settings().find(Kind.CONSUMER, "default", "of-the-console"))
                .isPresent();
    }

    @Test
    void theApiPrunesOnlyTheTenantsThatAreDeclared() {
        Settings before = accepted(Settings.EMPTY, "{tenant: a, consumers: [{ name: x }]}", Owner.API, false)
                .settings();
        before = accepted(before, "{tenant: b, consumers: [{ name: y }]}", Owner.API, false)
                .settings();
        assertThat(actions(accepted(before, "{tenant: a}", Owner.API, true))).containsExactly("DELETE consumers/x");
    }

    @Test
    void pruneRefusesToDeleteWhatOthersUse() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.FILE, false).settings();
        before = accepted(
                        before,
                        "modelApis: [{ name: two, basePath: /2, distribution: { strategy: single, targets: [{ service: openai }] } }]",
                        Owner.API,
                        false)
                .settings();
        Edit edit = edit(before, "{}", Owner.FILE, true);
        assertThat(((Refused) edit).reason()).isEqualTo(Reason.IN_USE);
        assertThat(texts(edit))
                .containsExactly("service \"openai\" is in use by Model API \"two\" (distribution.targets[0].service)");
    }

    @Test
    void theApiMayNotChangeWhatAFileOwns() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.FILE, false).settings();
        Edit edit = edit(before, "services: [{ name: openai, provider: openai }]", Owner.API, false);
        assertThat(((Refused) edit).reason()).isEqualTo(Reason.FILE_OWNED);
        assertThat(texts(edit))
                .containsExactly(
                        "f.yaml:1: services[0]: service \"openai\" is declared in a file and can only be changed there");
        assertThat(((Refused) editor.delete(before, Kind.API_KEY, "default", "made", Owner.API)).reason())
                .isEqualTo(Reason.FILE_OWNED);
        assertThat(((Refused) editor.rotate(before, "default", "made", Duration.ZERO, Owner.API)).reason())
                .isEqualTo(Reason.FILE_OWNED);
        Accepted same =
                accepted(before, "services: [{ name: openai, provider: openai, keys: [main] }]", Owner.API, false);
        assertThat(actions(same)).containsExactly("UNCHANGED services/openai");
    }

    @Test
    void aFileTakesOverWhatTheApiOwns() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.API, false).settings();
        Accepted edit = accepted(before, FILE, Owner.FILE, false);
        assertThat(edit.changes())
                .allMatch(c -> c.action() == Action.UPDATE
                        && c.differences().equals(List.of(new Difference("owner", "api", "file"))));
        assertThat(edit.settings()
                        .find(Service.class, "default", "openai")
                        .orElseThrow()
                        .owner())
                .isEqualTo(Owner.FILE);
        assertThat(edit.issued()).isEmpty();
    }

    @Test
    void deleteIsRefusedWhileOthersReferToIt() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.API, false).settings();
        Edit edit = editor.delete(before, Kind.CONSUMER, "default", "shop", Owner.API);
        assertThat(((Refused) edit).reason()).isEqualTo(Reason.IN_USE);
        assertThat(texts(edit))
                .containsExactly(
                        "consumer \"shop\" is in use by API key \"given\" (consumer)",
                        "consumer \"shop\" is in use by API key \"made\" (consumer)");
        Accepted deleted = (Accepted) editor.delete(before, Kind.API_KEY, "default", "made", Owner.API);
        assertThat(deleted.settings().find(Kind.API_KEY, "default", "made")).isEmpty();
        assertThat(before.find(Kind.API_KEY, "default", "made")).isPresent();
        assertThat(((Refused) editor.delete(before, Kind.SERVICE, "default", "x", Owner.API)).reason())
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void rotationKeepsTheOldSecretForAWhile() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.API, false).settings();
        Accepted edit = (Accepted) editor.rotate(before, "default", "given", Duration.ofHours(1), Owner.API);
        Credential credential = edit.settings()
                .find(ApiKey.class, "default", "given")
                .orElseThrow()
                .spec()
                .credential();
        assertThat(credential).isNotNull();
        assertThat(credential.hash())
                .isEqualTo(KeyHash.of(edit.issued().getFirst().secret()));
        assertThat(credential.previousHash()).isEqualTo(KeyHash.of("sk-shop"));
        assertThat(credential.previousValidUntil()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    }

    @Test
    void aKeyThatMovesToAnotherProviderIsRefusedWhileAServiceHasIt() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.API, false).settings();
        assertThat(texts(edit(before, "providerKeys: [{ name: main, provider: groq }]", Owner.API, false)))
                .containsExactly(
                        "services[\"openai\"].keys[0]: provider key \"main\" is of provider \"groq\" (expected: \"openai\")");
    }

    @Test
    void tenantsShareNamesButNotAddresses() {
        Settings before = accepted(Settings.EMPTY, FILE, Owner.API, false).settings();
        String other =
                "{tenant: b, modelApis: [{ name: chat, domains: [b.example] }], services: [{ name: openai, provider: openai }]}";
        assertThat(actions(accepted(before, other, Owner.API, false)))
                .containsExactly("CREATE services/openai", "CREATE modelApis/chat");
        assertThat(texts(edit(before, "{tenant: b, modelApis: [{ name: chat }]}", Owner.API, false)))
                .containsExactly(
                        "f.yaml:1: modelApis[0].basePath: \"/\" on domain \"*\" is taken by a Model API of another tenant"
                                + " (expected: a domain and base path that no other Model API has)");
    }

    @Test
    void aBodyOfTheAdminApiIsADeclarationOfOne() {
        Problems problems = new Problems();
        var body = Json.read("", "{\"name\": \"s\", \"provider\": \"openai\", \"keys\": [\"nope\"]}", problems)
                .orElseThrow();
        Edit edit = editor.apply(Settings.EMPTY, Declaration.of("default", Kind.SERVICE, body), Owner.API, false);
        Problem problem = ((Refused) edit).problems().getFirst();
        assertThat(problem.path()).isEqualTo("keys[0]");
        assertThat(problem.text()).isEqualTo("keys[0]: no provider key \"nope\"");
    }

    @Test
    void whatIsExportedCanBeAppliedAndChangesNothing() {
        Settings before = accepted(Settings.EMPTY, FILE + "prices: []\n", Owner.API, false)
                .settings();
        before = accepted(
                        before,
                        "consumers: [{ name: odd, description: 'costs ${NOTHING}: \"x\"' }]".replace("$", "$$"),
                        Owner.API,
                        false)
                .settings();
        String exported = Yaml.write(Declaration.export(before, "default"));
        assertThat(exported).doesNotContain("sk-").doesNotContain("credential");
        Accepted again = accepted(before, exported, Owner.API, true);
        assertThat(again.changes()).isNotEmpty().allMatch(c -> c.action() == Action.UNCHANGED);
        assertThat(again.settings().check(Catalogue.load())).isEmpty();
    }

    @Test
    void aDeclarationWithProblemsChangesNothing() {
        Edit edit = edit(Settings.EMPTY, "consumers: [{ name: ok }, { nam: x }]", Owner.API, false);
        assertThat(((Refused) edit).reason()).isEqualTo(Reason.INVALID);
    }
}
