package dev.sluice.settings.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Declaration;
import dev.sluice.settings.Declaration.Document;
import dev.sluice.settings.Edit;
import dev.sluice.settings.Editor;
import dev.sluice.settings.KeyHash;
import dev.sluice.settings.Kind;
import dev.sluice.settings.Operation;
import dev.sluice.settings.Owner;
import dev.sluice.settings.SecretResolver;
import dev.sluice.settings.Settings;
import dev.sluice.settings.catalogue.Catalogue;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotTest {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private final SecretResolver secrets =
            SecretResolver.of(Map.of("KEY", "sk-env")::get, HttpClient.newHttpClient(), InstantSource.system());
    private final Editor editor = new Editor(CATALOGUE, secrets, new Random(1), InstantSource.system());

    private Settings settings(String yaml) {
        Edit edit = editor.apply(
                Settings.EMPTY, Declaration.parse(List.of(new Document("f.yaml", yaml)), n -> null), Owner.FILE, false);
        assertThat(edit).isInstanceOf(Edit.Accepted.class);
        return ((Edit.Accepted) edit).settings();
    }

    private Snapshot snapshot(String yaml) {
        return Snapshot.build(settings(yaml), CATALOGUE, secrets);
    }

    private static String found(Route route) {
        return route == null ? "-" : route.api().name() + " " + route.operation() + " " + route.fullPath();
    }

    @Test
    void servicesAreBoundToProvidersKeysAndNodes() {
        Snapshot snapshot = snapshot("""
                providerKeys:
                  - { name: a, provider: openai, secret: env:KEY, weight: 3 }
                  - { name: b, provider: openai, secret: env:UNSET }
                  - { name: c, provider: openai, secret: sk-c, enabled: false }
                  - { name: d, provider: openai, secret: sk-d }
                services:
                  - { name: s, provider: openai, keys: [d, c, b, a] }
                  - { name: t, provider: openai, keys: [b] }
                  - { name: off, provider: openai, enabled: false }
                modelApis:
                  - name: chat
                    distribution: { strategy: by-proportion, targets: [{ service: s, weight: 1 }, { service: off, weight: 1 }] }
                    fallback: { steps: [{ service: t }] }
                """);
        BoundService s = snapshot.service("default", "s");
        assertThat(s).isNotNull();
        assertThat(s.provider().id()).isEqualTo("openai");
        assertThat(s.nodes()).containsExactly(new Node("api.openai.com", 443, true, "/v1"));
        assertThat(s.keys())
                .extracting(BoundKey::name, BoundKey::secret, BoundKey::weight)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("d", "sk-d", 1),
                        org.assertj.core.groups.Tuple.tuple("a", "sk-env", 3));
        assertThat(s.needsKey()).isTrue();
        assertThat(snapshot.service("default", "t"))
                .satisfies(t -> assertThat(t.keys()).isEmpty());
        assertThat(snapshot.service("default", "off")).isNull();
        assertThat(snapshot.services()).extracting(BoundService::name).containsExactly("s", "t");
        assertThat(snapshot.modelApis().getFirst().services()).containsOnlyKeys("s", "t");
        assertThat(snapshot.warnings())
                .containsExactly(
                        "provider key \"b\" cannot be used: environment variable UNSET is not set",
                        "service \"t\" has no usable provider key");
    }

    @ParameterizedTest
    @CsvSource({
        "openai-compatible, https://x.example, x.example, 443, true, /v1",
        "openai-compatible, http://x.example/, x.example, 80, false, /v1",
        "openai-compatible, http://127.0.0.1:9000/api/v3/, 127.0.0.1, 9000, false, /api/v3",
        "openai-compatible, http://[::1]:9000/v1, ::1, 9000, false, /v1",
        "openai-compatible, https://x.example/v1/chat/completions, x.example, 443, true, /v1",
        "openai-compatible, https://x.example/chat/completions, x.example, 443, true, ''",
        "perplexity, http://127.0.0.1:9000, 127.0.0.1, 9000, false, ''",
        "zhipu, http://127.0.0.1:9000, 127.0.0.1, 9000, false, /v1",
    })
    void aUrlBecomesANode(String provider, String url, String host, int port, boolean tls, String basePath) {
        Snapshot snapshot =
                snapshot("services: [{ name: s, provider: " + provider + ", address: { url: \"" + url + "\" } }]");
        assertThat(snapshot.services().getFirst().nodes()).containsExactly(new Node(host, port, tls, basePath));
    }

    @Test
    void fixedAddressesBecomeNodes() {
        Snapshot snapshot = snapshot("""
                services:
                  - { name: s, address: { fixed: ["10.0.0.1:8000", "[::1]:8001"] } }
                  - { name: t, address: { fixed: ["llm:80"], basePath: / } }
                  - { name: p, provider: perplexity }
                """);
        assertThat(snapshot.services().get(0).nodes())
                .containsExactly(new Node("10.0.0.1", 8000, false, "/v1"), new Node("::1", 8001, false, "/v1"));
        assertThat(snapshot.services().get(1).nodes()).containsExactly(new Node("llm", 80, false, ""));
        assertThat(snapshot.services().get(2).nodes()).containsExactly(new Node("api.perplexity.ai", 443, true, ""));
    }

    @Test
    void thePathOfAnHttpServiceIsWhatItIs() {
        Snapshot snapshot = snapshot("""
                services:
                  - { name: bare, kind: http, address: { url: "http://backend:8080" } }
                  - { name: deep, kind: http, address: { url: "https://backend/api/files" } }
                  - { name: named, kind: http, address: { dns: ["backend:81"] } }
                  - { name: placed, kind: http, address: { fixed: ["10.0.0.1:82"], basePath: /v1 } }
                """);
        assertThat(snapshot.services().stream().map(s -> s.nodes().getFirst()))
                .containsExactly(
                        new Node("backend", 8080, false, ""),
                        new Node("backend", 443, true, "/api/files"),
                        new Node("backend", 81, false, ""),
                        new Node("10.0.0.1", 82, false, "/v1"));
    }

    @Test
    void aServiceIsWhatItsProviderIs() {
        Snapshot snapshot = snapshot("""
                services:
                  - { name: a, kind: agent, address: { url: "http://agent/v1" } }
                  - { name: b, kind: agent, provider: dify, protocol: native }
                  - { name: c, provider: dify, protocol: native }
                  - { name: d, kind: ai, provider: openai }
                """);
        assertThat(snapshot.services().stream().map(s -> s.provider().id()))
                .containsExactly("custom-agent", "dify", "dify", "openai");
    }

    @Test
    void theNamesOfADnsAddressAreItsNodesUntilTheyAreResolved() {
        Snapshot snapshot =
                snapshot("services: [{ name: s, address: { dns: [llm.internal:8000, other:81], basePath: /v2 } }]");
        assertThat(snapshot.services().getFirst().nodes())
                .containsExactly(new Node("llm.internal", 8000, false, "/v2"), new Node("other", 81, false, "/v2"));
        Node resolved = new Node("llm.internal", 8000, false, "/v2").at("fd00::1");
        assertThat(resolved.host()).isEqualTo("llm.internal");
        assertThat(resolved.address()).isEqualTo("[fd00::1]:8000");
    }

    @Test
    void disabledKeysAndConsumersAreFoundAndDisabledGroupsGiveNothing() {
        Snapshot snapshot = snapshot("""
                consumerGroups: [{ name: on }, { name: off, enabled: false }]
                consumers: [{ name: c, enabled: false, groups: [off, on] }]
                apiKeys: [{ name: k, consumer: c, secret: sk-k, enabled: false }]
                """);
        Caller caller = snapshot.caller(KeyHash.of("sk-k"));
        assertThat(caller).isNotNull();
        assertThat(caller.key().enabled()).isFalse();
        assertThat(caller.consumer().enabled()).isFalse();
        assertThat(caller.groups()).extracting(g -> g.name()).containsExactly("on");
        assertThat(caller.consumerId()).startsWith("con_");
        assertThat(snapshot.caller(KeyHash.of("sk-x"))).isNull();
    }

    @Test
    void thePreviousSecretLeadsToTheSameCaller() {
        Settings before = settings("{consumers: [{ name: c }], apiKeys: [{ name: k, consumer: c, secret: sk-old }]}");
        Edit.Accepted edit = (Edit.Accepted) editor.rotate(before, "default", "k", Duration.ofHours(1), Owner.FILE);
        Snapshot snapshot = Snapshot.build(edit.settings(), CATALOGUE, secrets);
        Caller now = snapshot.caller(KeyHash.of(edit.issued().getFirst().secret()));
        assertThat(now).isNotNull().isSameAs(snapshot.caller(KeyHash.of("sk-old")));
        assertThat(now.key())
                .isEqualTo(edit.settings()
                        .find(ApiKey.class, "default", "k")
                        .orElseThrow()
                        .spec());
    }

    @Test
    void anUpdatedSnapshotIsWhatANewOneWouldBe() {
        String start = """
                providerKeys: [{ name: pk, provider: openai, secret: sk-p }, { name: gone, provider: openai, secret: env:UNSET }]
                services: [{ name: s, provider: openai, keys: [pk] }, { name: t, provider: openai, keys: [gone] }]
                modelApis: [{ name: a, basePath: /a }, { name: b, basePath: /b }]
                consumerGroups: [{ name: g }]
                consumers: [{ name: c, groups: [g] }, { name: d }]
                apiKeys: [{ name: k, consumer: c, secret: sk-k }, { name: l, consumer: d, secret: sk-l }]
                prices: [{ provider: openai, model: gpt-4o, inputPerMillion: 1, outputPerMillion: 2, currency: USD }]
                """;
        Settings was = settings(start);
        Snapshot snapshot = Snapshot.build(was, CATALOGUE, secrets);
        for (String change : List.of(
                "apiKeys: [{ name: k, consumer: c, secret: sk-k, enabled: false }]",
                "apiKeys: [{ name: k, consumer: c, secret: sk-k2 }, { name: l, consumer: d, secret: sk-k }]",
                "apiKeys: [{ name: m, consumer: d, secret: sk-m }]",
                "modelApis: [{ name: a, basePath: /aa }, { name: e, basePath: /e }]",
                "modelApis: [{ name: b, basePath: /b, enabled: false }]",
                "services: [{ name: t, provider: openai, keys: [pk], enabled: false }]",
                "providerKeys: [{ name: pk, provider: openai, secret: sk-p, enabled: false }]",
                "consumers: [{ name: c, enabled: false }]",
                "consumerGroups: [{ name: g, enabled: false }]",
                "prices: [{ provider: openai, model: gpt-4o, inputPerMillion: 3, outputPerMillion: 2, currency: USD }]",
                start)) {
            Settings now = applied(was, change);
            snapshot = snapshot.updated(was, now, CATALOGUE, secrets);
            assertThat(told(snapshot)).as(change).isEqualTo(told(Snapshot.build(now, CATALOGUE, secrets)));
            was = now;
        }
        Edit.Accepted rotated = (Edit.Accepted) editor.rotate(was, "default", "k", Duration.ofHours(1), Owner.FILE);
        snapshot = snapshot.updated(was, rotated.settings(), CATALOGUE, secrets);
        assertThat(snapshot.caller(KeyHash.of("sk-k"))).isNotNull();
        Settings without = rotated.settings().remove(Kind.API_KEY, "default", "k");
        snapshot = snapshot.updated(rotated.settings(), without, CATALOGUE, secrets);
        assertThat(told(snapshot)).isEqualTo(told(Snapshot.build(without, CATALOGUE, secrets)));
        assertThat(snapshot.caller(KeyHash.of("sk-k"))).isNull();
    }

    @Test
    void anEditOfAKeyLeavesRoutesAndOtherCallersAsTheyAre() {
        Settings was = settings("""
                modelApis: [{ name: a }]
                consumers: [{ name: c }]
                apiKeys: [{ name: k, consumer: c, secret: sk-k }, { name: l, consumer: c, secret: sk-l }]
                """);
        Snapshot before = Snapshot.build(was, CATALOGUE, secrets);
        Settings now = applied(was, "apiKeys: [{ name: k, consumer: c, secret: sk-k, enabled: false }]");
        Snapshot after = before.updated(was, now, CATALOGUE, secrets);

        assertThat(after.routes()).isSameAs(before.routes());
        assertThat(after.caller(KeyHash.of("sk-l"))).isSameAs(before.caller(KeyHash.of("sk-l")));
        assertThat(after.caller(KeyHash.of("sk-k"))).isNotNull().isNotEqualTo(before.caller(KeyHash.of("sk-k")));
    }

    private Settings applied(Settings before, String yaml) {
        Edit edit = editor.apply(
                before, Declaration.parse(List.of(new Document("f.yaml", yaml)), n -> null), Owner.FILE, false);
        assertThat(edit).isInstanceOf(Edit.Accepted.class);
        return ((Edit.Accepted) edit).settings();
    }

    /** Everything that a snapshot tells. */
    private static List<Object> told(Snapshot snapshot) {
        List<Object> told = new ArrayList<>(List.of(
                snapshot.services(),
                snapshot.modelApis(),
                snapshot.routes(),
                snapshot.prices("default").all(),
                snapshot.warnings()));
        for (String secret : List.of("sk-k", "sk-k2", "sk-l", "sk-m"))
            told.add(String.valueOf(snapshot.caller(KeyHash.of(secret))));
        for (String path : List.of("/a", "/aa", "/b", "/e"))
            told.add(String.valueOf(snapshot.route("x", path + "/v1/chat/completions")));
        return told;
    }

    @Test
    void presetsAreServedBelowTheBasePath() {
        Snapshot snapshot = snapshot("""
                modelApis:
                  - { name: a, basePath: /qwen }
                  - { name: b, basePath: /keep, stripBasePath: false }
                  - { name: off, basePath: /off, enabled: false }
                """);
        Route chat = snapshot.route("any.example", "/qwen/v1/chat/completions");
        assertThat(chat).isNotNull();
        assertThat(found(chat)).isEqualTo("a CHAT_COMPLETIONS /qwen/v1/chat/completions");
        assertThat(chat.upstreamPath("/qwen/v1/chat/completions")).isEqualTo("/chat/completions");
        Route kept = snapshot.route("any.example", "/keep/v1/responses");
        assertThat(kept).isNotNull();
        assertThat(kept.upstreamPath("/keep/v1/responses")).isEqualTo("/keep/responses");
        assertThat(found(snapshot.route("x", "/qwen/v1/models"))).isEqualTo("a MODELS /qwen/v1/models");
        assertThat(found(snapshot.route("x", "/qwen/v1/models/org/gpt-4o"))).isEqualTo("a MODELS /qwen/v1/models");
        assertThat(found(snapshot.route("x", "/qwen/v1/modelsx"))).isEqualTo("-");
        assertThat(found(snapshot.route("x", "/v1/chat/completions"))).isEqualTo("-");
        assertThat(found(snapshot.route("x", "/off/v1/models"))).isEqualTo("-");
        assertThat(snapshot.routes()).hasSize(10);
    }

    @Test
    void tokensAreCountedWhereResponsesAreMade() {
        Snapshot snapshot = snapshot("""
                modelApis:
                  - { name: a, basePath: /a, routes: [/v1/responses] }
                  - { name: b, basePath: /b, routes: [ { path: /answers, operation: responses }, { path: /answers/input_tokens, operation: opaque } ] }
                """);
        assertThat(found(snapshot.route("x", "/a/v1/responses/input_tokens")))
                .isEqualTo("a OPENAI_COUNT_TOKENS /a/v1/responses/input_tokens");
        assertThat(found(snapshot.route("x", "/a/v1/responses/resp_1"))).isEqualTo("a RESPONSES /a/v1/responses");
        assertThat(found(snapshot.route("x", "/b/answers/input_tokens"))).isEqualTo("b OPAQUE /b/answers/input_tokens");
        assertThat(snapshot.routes()).hasSize(4);
    }

    @Test
    void opaqueRoutesForwardTheRestOfThePath() {
        Snapshot snapshot = snapshot("""
                modelApis:
                  - { name: all, useCase: others, protocol: any, basePath: /team }
                  - { name: keep, useCase: others, protocol: any, basePath: /keep, stripBasePath: false, routes: [/files] }
                  - { name: root, useCase: others, protocol: any, domains: [root.example] }
                """);
        assertThat(rest(snapshot, "x", "/team/a/b")).isEqualTo("all /a/b");
        assertThat(rest(snapshot, "x", "/team")).isEqualTo("all ");
        assertThat(rest(snapshot, "x", "/teams")).isEqualTo("-");
        assertThat(rest(snapshot, "x", "/keep/files/1")).isEqualTo("keep /keep/files/1");
        assertThat(rest(snapshot, "x", "/keep/filesystem")).isEqualTo("-");
        assertThat(rest(snapshot, "root.example", "/a")).isEqualTo("root /a");
        assertThat(rest(snapshot, "root.example", "/")).isEqualTo("root /");
    }

    private static String rest(Snapshot snapshot, String host, String path) {
        Route route = snapshot.route(host, path);
        return route == null ? "-" : route.api().name() + " " + route.upstreamPath(path);
    }

    @Test
    void theLongestBasePathWinsThenTheExactDomain() {
        Snapshot snapshot = snapshot("""
                modelApis:
                  - { name: exact, domains: [api.x.example] }
                  - { name: suffix, domains: ["*.x.example"] }
                  - { name: wide, domains: ["*.example"] }
                  - { name: star, domains: ["*"] }
                  - { name: longer, domains: ["*"], basePath: /v1, routes: [/chat/completions] }
                """);
        assertThat(found(snapshot.route("api.x.example", "/v1/responses"))).startsWith("exact ");
        assertThat(found(snapshot.route("b.x.example", "/v1/responses"))).startsWith("suffix ");
        assertThat(found(snapshot.route("a.b.x.example", "/v1/responses"))).startsWith("suffix ");
        assertThat(found(snapshot.route("x.example", "/v1/responses"))).startsWith("wide ");
        assertThat(found(snapshot.route("example", "/v1/responses"))).startsWith("star ");
        assertThat(found(snapshot.route("api.x.example", "/v1/chat/completions")))
                .startsWith("longer ");
    }

    @Test
    void routeIdsStayTheSame() {
        Settings settings = settings("modelApis: [{ name: a }]");
        List<String> first = Snapshot.build(settings, CATALOGUE, secrets).routes().stream()
                .map(Route::id)
                .toList();
        assertThat(Snapshot.build(settings, CATALOGUE, secrets).routes())
                .extracting(Route::id)
                .isEqualTo(first);
        assertThat(first).doesNotHaveDuplicates().allMatch(id -> id.matches("rte_[0-9a-f]{26}"));
        assertThat(snapshot("modelApis: [{ name: a, routes: [{ path: /x/embeddings }] }]")
                        .routes()
                        .getFirst()
                        .operation())
                .isEqualTo(Operation.EMBEDDINGS);
    }

    @Test
    void pricesAreSortedAndThoseOfTheDefaultTenantAreForAll() {
        Settings settings = settings("""
                prices:
                  - { provider: "*", model: "gpt*", inputPerMillion: 1, outputPerMillion: 1 }
                  - { provider: openai, model: "gpt*", inputPerMillion: 2, outputPerMillion: 1 }
                  - { provider: openai, model: gpt-4o, inputPerMillion: 3, outputPerMillion: 1 }
                  - { provider: openai, model: gpt-4o, inputPerMillion: 4, outputPerMillion: 1, validFrom: 2026-01-01T00:00:00Z }
                  - { provider: openai, model: "gpt-4*", inputPerMillion: 5, outputPerMillion: 1 }
                """);
        Edit edit = editor.apply(
                settings,
                Declaration.parse(
                        List.of(
                                new Document(
                                        "b.yaml",
                                        "{tenant: b, prices: [{ provider: '*', model: '*', inputPerMillion: 9, outputPerMillion: 1 }]}")),
                        n -> null),
                Owner.FILE,
                false);
        Snapshot snapshot = Snapshot.build(((Edit.Accepted) edit).settings(), CATALOGUE, secrets);
        assertThat(snapshot.prices("default").all())
                .extracting(p -> p.inputPerMillion().intValue())
                .containsExactly(4, 3, 5, 2, 1);
        assertThat(snapshot.prices("b").all())
                .extracting(p -> p.inputPerMillion().intValue())
                .containsExactly(4, 3, 5, 2, 1, 9);
        assertThat(snapshot.prices("c")).isSameAs(snapshot.prices("default"));
    }

    @Test
    void aServiceHasThePricesOfItsProviderWhereTheyHold() {
        Snapshot snapshot = snapshot("""
                services:
                  - { name: mainland, provider: dashscope }
                  - { name: abroad, provider: dashscope, options: { region: intl } }
                  - { name: proxied, provider: openai, address: { url: "https://proxy.example.com/v1" } }
                  - { name: unknown, provider: ollama }
                """);
        assertThat(snapshot.service("default", "mainland").prices().all())
                .filteredOn(price -> price.model().equals("qwen-plus") && price.aboveInputTokens() == 0)
                .singleElement()
                .satisfies(price -> {
                    assertThat(price.provider()).isEqualTo("dashscope");
                    assertThat(price.currency()).isEqualTo("CNY");
                    assertThat(price.inputPerMillion()).isEqualByComparingTo("0.8");
                    assertThat(price.cachedInputPerMillion()).isEqualByComparingTo("0.16");
                    assertThat(price.validFrom()).isEqualTo("2025-10-30T00:00:00Z");
                });
        assertThat(snapshot.service("default", "abroad").prices().all()).isEmpty();
        assertThat(snapshot.service("default", "proxied").prices().all())
                .allSatisfy(price -> assertThat(price.batchFactor()).isEqualByComparingTo("0.5"))
                .isNotEmpty();
        assertThat(snapshot.service("default", "unknown").prices().all()).isEmpty();
    }

    @Test
    void findsRoutesThatNameTheModelInTheirPath() {
        Snapshot snapshot = snapshot("""
                modelApis:
                  - { name: gemini, protocol: gemini, basePath: /g }
                """);
        assertThat(operation(snapshot, "/g/v1beta/models/gemini-2.5-pro:generateContent"))
                .isEqualTo(Operation.GENERATE_CONTENT);
        assertThat(operation(snapshot, "/g/v1beta/models/org/model:8b:streamGenerateContent"))
                .isEqualTo(Operation.STREAM_GENERATE_CONTENT);
        assertThat(operation(snapshot, "/g/v1beta/models/x")).isEqualTo(Operation.MODELS);
        assertThat(operation(snapshot, "/g/v1beta/models/x:predict")).isEqualTo(Operation.MODELS);
        assertThat(snapshot.route("a.example", "/g/v1beta/x:generateContent")).isNull();
    }

    private static Operation operation(Snapshot snapshot, String path) {
        Route route = snapshot.route("a.example", path);
        return route == null ? Operation.OPAQUE : route.operation();
    }
}
