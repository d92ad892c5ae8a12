package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Distribution.ByModelName;
import dev.sluice.settings.Distribution.ByProportion;
import dev.sluice.settings.Distribution.Rule;
import dev.sluice.settings.Distribution.Share;
import dev.sluice.settings.Distribution.Single;
import dev.sluice.settings.Distribution.Target;
import dev.sluice.settings.ModelApi.Authentication;
import dev.sluice.settings.ModelApi.Monitoring;
import dev.sluice.settings.ModelApi.RouteRule;
import dev.sluice.settings.Service.Balance;
import dev.sluice.settings.Service.BalancePolicy;
import dev.sluice.settings.Service.KeyPolicy;
import dev.sluice.settings.Service.ServiceProtocol;
import dev.sluice.settings.binding.Binder;
import dev.sluice.settings.binding.Form;
import dev.sluice.settings.binding.Json;
import dev.sluice.settings.binding.Problems;
import dev.sluice.settings.binding.Tree;
import dev.sluice.settings.binding.Yaml;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two documents per record: one that says as little as it may, and one that says everything. */
class RecordsTest {
    private static final Map<Kind, String> LEAST = Map.of(
            Kind.PROVIDER_KEY, "{ name: k, provider: openai }",
            Kind.SERVICE, "{ name: s }",
            Kind.MODEL_API, "{ name: a }",
            Kind.CONSUMER_GROUP, "{ name: g }",
            Kind.CONSUMER, "{ name: c }",
            Kind.API_KEY, "{ name: k, consumer: c }",
            Kind.PRICE, "{ provider: openai, model: m, inputPerMillion: 1, outputPerMillion: 2.50 }");

    private static final Map<Kind, String> EVERYTHING = Map.of(
            Kind.PROVIDER_KEY,
            """
            name: openai-main
            provider: openai
            secret: env:OPENAI_API_KEY
            weight: 3
            enabled: false
            note: the team's
            resourceGroup: g1
            """,
            Kind.SERVICE,
            """
            name: openai
            description: all of it
            kind: ai
            provider: openai
            protocol: openai
            address:
              fixed: [10.0.0.1:8000, "[::1]:8000", llm.internal:80]
              basePath: /v2
            keys: [a, b]
            keyPolicy: weighted
            modelPolicy:
              mode: specified
              defaultModel: m1
              onUnknownModel: default-model
              fallbackModels: [m2, m3]
              mapping: { "claude-*": m1, x: y }
              modelFamilies: { "arn:*": m2 }
              remoteMedia: { mode: refuse, maxBytes: 1000, maxTotalBytes: 2000, maxUrls: 3, timeoutMs: 100, allowPrivateAddresses: true }
            options: { region: us-east-1, endpointMode: mantle, authentication: access-key, apiVersion: v1, deployment: d,
              projectId: p, appId: a, applicationType: workflow, outputVariable: o, oauthToken: true }
            timeouts: { connectMs: 1, firstByteMs: 2, wholeAnswerMs: 5, idleMs: 3, totalMs: 4 }
            tls: { mode: mutual, caFile: /ca.pem, certFile: /c.pem, keyFile: /k.pem, http2: false }
            balance: { policy: consistent-hash, hashBy: header:x-session }
            health:
              passive: { consecutiveFailures: 1, ejectionMs: 2, maxEjectedPercent: 3 }
              active: { path: /ping, intervalMs: 1000, timeoutMs: 500, healthyAfter: 1, unhealthyAfter: 2 }
              breaker: { failureRatePercent: 1, minimumCalls: 2, windowMs: 1000, openMs: 4, halfOpenProbes: 5 }
              retryBudget: { percent: 6, minPerSecond: 7 }
            enabled: false
            resourceGroup: g1
            """,
            Kind.MODEL_API,
            """
            name: 聊天-prod
            description: d
            useCase: others
            protocol: any
            domains: [a.example, "*.b.example"]
            basePath: /team-a
            stripBasePath: false
            routes: [{ path: /v1/x, operation: files }, { path: /v1/y, operation: embeddings }]
            authentication: { mode: none, header: x-key, queryParameter: key }
            monitoring: { metrics: false, logs: false, traces: false, recordRequest: false, recordResponse: false }
            distribution:
              strategy: by-proportion
              targets: [{ service: s, weight: 80, model: m }, { service: t, weight: 20 }]
              stickyBy: header:x-session
            fallback:
              on: [timeout, any-4xx]
              statusCodes: [499]
              steps: [{ service: s, model: m }, { service: t }]
            retries: 5
            firstPacketTimeoutMs: 3000
            totalTimeoutMs: 1000
            maxBodyBytes: 1048576
            maxUploadBytes: 10000000000
            listing: nobody
            enabled: false
            resourceGroup: g1
            """,
            Kind.CONSUMER_GROUP,
            """
            name: partners
            description: d
            enabled: false
            modelApis: [chat, { name: b, expiresAt: 2027-01-01T00:00:00Z }]
            allowedModels: ["gpt-*"]
            resourceGroup: g1
            """,
            Kind.CONSUMER,
            """
            name: shop
            description: d
            enabled: false
            groups: [partners]
            modelApis: [chat, { name: b, expiresAt: 2027-01-01T00:00:00Z }]
            resourceGroup: g1
            """,
            Kind.API_KEY,
            """
            name: shop-key
            description: d
            consumer: shop
            secret: env:SHOP_KEY
            enabled: false
            expiresAt: 2027-01-01T00:00:00Z
            allowedIps: [10.0.0.0/8, "::1"]
            allowedModels: ["gpt-*"]
            allowedModelApis: [chat]
            limits: { rpm: 600, tpm: 100000, concurrency: 7 }
            quota: { tokensPerDay: 1, tokensPerWeek: 2, tokensPerMonth: 0, tokensTotal: 9000000000 }
            resourceGroup: g1
            """,
            Kind.PRICE,
            """
            provider: openai
            model: gpt-4o
            inputPerMillion: 2.50
            cachedInputPerMillion: 1.25
            cacheWrittenInputPerMillion: 3.125
            outputPerMillion: 10.00
            perImage: 0.04
            perSecond: 0.0001
            perMillionCharacters: 15
            aboveInputTokens: 200000
            batchFactor: 0.5
            currency: EUR
            validFrom: 2027-01-01T00:00:00Z
            """);

    static final Fallback NO_FALLBACK = new Fallback(
            Set.of(
                    FallbackCondition.CONNECT_ERROR,
                    FallbackCondition.TIMEOUT,
                    FallbackCondition.FIRST_PACKET_TIMEOUT,
                    FallbackCondition.RATE_LIMITED,
                    FallbackCondition.SERVER_ERROR,
                    FallbackCondition.PROVIDER_AUTH),
            List.of(),
            List.of());

    private static final Map<Kind, Resource> DEFAULTS = Map.of(
            Kind.PROVIDER_KEY, new ProviderKey("k", "openai", null, 1, true, "", "default"),
            Kind.SERVICE,
                    new Service(
                            "s",
                            "",
                            null,
                            "openai-compatible",
                            ServiceProtocol.OPENAI,
                            null,
                            List.of(),
                            KeyPolicy.ROUND_ROBIN,
                            new ModelPolicy(
                                    ModelPolicy.Mode.PASSTHROUGH,
                                    null,
                                    List.of(),
                                    ModelPolicy.OnUnknownModel.NOT_FOUND,
                                    List.of(),
                                    Map.of(),
                                    Map.of(),
                                    new ModelPolicy.RemoteMedia(
                                            ModelPolicy.RemoteMediaMode.INLINE,
                                            20_971_520,
                                            52_428_800,
                                            20,
                                            10_000,
                                            false)),
                            ProviderOptions.NONE,
                            new Timeouts(10_000, 60_000, 600_000, 60_000, 600_000),
                            Tls.OFF,
                            new Balance(BalancePolicy.LEAST_LOADED, null),
                            new Health(
                                    new Health.Passive(5, 30_000, 50),
                                    null,
                                    new Health.Breaker(50, 20, 30_000, 10_000, 3),
                                    new Health.RetryBudget(20, 3)),
                            true,
                            "default"),
            Kind.MODEL_API,
                    new ModelApi(
                            "a",
                            "",
                            UseCase.TEXT_GENERATION,
                            Protocol.OPENAI,
                            List.of("*"),
                            "/",
                            true,
                            List.of(),
                            new Authentication(Authentication.Mode.API_KEY, null, null),
                            new Monitoring(true, true, false, false, false),
                            new Single(List.of()),
                            NO_FALLBACK,
                            0,
                            0,
                            600_000,
                            0,
                            0,
                            ModelApi.Listing.EVERYONE,
                            true,
                            "default"),
            Kind.CONSUMER_GROUP, new ConsumerGroup("g", "", true, List.of(), List.of(), "default"),
            Kind.CONSUMER, new Consumer("c", "", true, List.of(), List.of(), "default"),
            Kind.API_KEY,
                    new ApiKey(
                            "k",
                            "",
                            "c",
                            null,
                            true,
                            null,
                            List.of(),
                            List.of(),
                            List.of(),
                            Limits.NONE,
                            Quota.NONE,
                            null,
                            "default"),
            Kind.PRICE,
                    new Price(
                            "openai",
                            "m",
                            0,
                            new BigDecimal("1"),
                            null,
                            null,
                            new BigDecimal("2.50"),
                            null,
                            null,
                            null,
                            BigDecimal.ONE,
                            "USD",
                            null));

    private static Resource read(Kind kind, String yaml, Form form) {
        Problems problems = new Problems();
        var resource =
                Yaml.read("t.yaml", yaml, problems).flatMap(tree -> Binder.read(kind.type(), tree, form, "", problems));
        assertThat(problems.list()).isEmpty();
        return resource.orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsLeftOutHasItsDefault(Kind kind) {
        assertThat(read(kind, LEAST.get(kind), Form.DECLARED)).isEqualTo(DEFAULTS.get(kind));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nullIsTheSameAsLeftOut(Kind kind) {
        StringBuilder yaml = new StringBuilder();
        Tree.Mapping least =
                (Tree.Mapping) Yaml.read("", LEAST.get(kind), new Problems()).orElseThrow();
        for (var component : kind.type().getRecordComponents()) {
            if (!component.getName().equals("credential") && !least.entries().containsKey(component.getName()))
                yaml.append(component.getName()).append(": null\n");
        }
        least.entries()
                .forEach((key, e) -> yaml.append(key)
                        .append(": ")
                        .append(((Tree.Scalar) e.value()).text())
                        .append('\n'));
        assertThat(read(kind, yaml.toString(), Form.DECLARED)).isEqualTo(DEFAULTS.get(kind));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void defaultsAreNotExported(Kind kind) {
        String exported = Json.write(Binder.write(DEFAULTS.get(kind), Form.DECLARED));
        assertThat(exported)
                .isEqualTo(Json.write(
                        Yaml.read("", LEAST.get(kind), new Problems()).orElseThrow()));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theFullDocumentNamesEveryField(Kind kind) {
        Set<String> named = new TreeSet<>();
        fieldsOfTree(Yaml.read("", EVERYTHING.get(kind), new Problems()).orElseThrow(), "", named);
        Set<String> known = new TreeSet<>();
        fieldsOfSchema(Binder.schema(kind.type()), "", known);
        // What excludes each other is in another document of this test.
        known.removeIf(path -> Set.of(
                        ".address.url", ".address.dns", ".modelPolicy.allowedModels", ".distribution.targets.pattern")
                .contains(path));
        assertThat(named).containsAll(known);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everythingSurvivesExportAndStorage(Kind kind) {
        Resource resource = read(kind, EVERYTHING.get(kind), Form.DECLARED);
        for (Form form : Form.values()) {
            Tree tree = Binder.write(resource, form);
            assertThat(read(kind, Yaml.write(tree), form)).isEqualTo(resource);
            Problems problems = new Problems();
            assertThat(Json.read("", Json.write(tree), problems)
                            .flatMap(t -> Binder.read(kind.type(), t, form, "", problems))
                            .orElseThrow())
                    .isEqualTo(resource);
        }
        Tree asWritten = Yaml.read("", EVERYTHING.get(kind), new Problems()).orElseThrow();
        Set<String> exported = new TreeSet<>();
        fieldsOfTree(Binder.write(resource, Form.DECLARED), "", exported);
        Set<String> written = new TreeSet<>();
        fieldsOfTree(asWritten, "", written);
        // A field that says what is the default anyway is not exported.
        written.removeAll(Set.of(
                ".kind", ".protocol", ".monitoring.traces", ".monitoring.recordRequest", ".monitoring.recordResponse"));
        assertThat(exported).containsAll(written);
    }

    private static void fieldsOfTree(Tree tree, String path, Set<String> found) {
        switch (tree) {
            case Tree.Mapping m ->
                m.entries().forEach((key, e) -> {
                    found.add(path + "." + key);
                    fieldsOfTree(e.value(), path + "." + key, found);
                });
            case Tree.Listing l -> l.items().forEach(i -> fieldsOfTree(i, path, found));
            case Tree.Scalar _ -> {}
        }
    }

    private static void fieldsOfSchema(Tree schema, String path, Set<String> found) {
        if (!(schema instanceof Tree.Mapping m)) return;
        if (m.get("properties") instanceof Tree.Mapping properties)
            properties.entries().forEach((key, e) -> {
                found.add(path + "." + key);
                fieldsOfSchema(e.value(), path + "." + key, found);
            });
        if (m.get("items") instanceof Tree items) fieldsOfSchema(items, path, found);
        if (m.get("oneOf") instanceof Tree.Listing options)
            options.items().forEach(o -> fieldsOfSchema(o, path, found));
    }

    @Test
    void aServiceMayHaveAUrlAndAllowedModels() {
        Service service = (Service) read(Kind.SERVICE, """
                name: s
                address: { url: "https://api.example/v1" }
                modelPolicy: { allowedModels: ["gpt-4o*"], onUnknownModel: default-model, defaultModel: gpt-4o }
                """, Form.DECLARED);
        assertThat(service.address()).isEqualTo(new Address("https://api.example/v1", List.of(), List.of(), null));
        assertThat(service.modelPolicy().allowedModels()).containsExactly("gpt-4o*");
        assertThat(read(Kind.SERVICE, Yaml.write(Binder.write(service, Form.DECLARED)), Form.DECLARED))
                .isEqualTo(service);
    }

    @Test
    void theFamilyOfAModelIsThatOfItsNameThenOfAPatternElseItsOwn() {
        Service service = (Service) read(Kind.SERVICE, """
                name: s
                modelPolicy: { modelFamilies: { "arn:*/a?": first, "arn:*": second, "arn:x/ab": third } }
                """, Form.DECLARED);
        ModelPolicy policy = service.modelPolicy();
        assertThat(policy.family("arn:x/ab")).isEqualTo("third");
        assertThat(policy.family("arn:x/ac")).isEqualTo("first");
        assertThat(policy.family("arn:x/b")).isEqualTo("second");
        assertThat(policy.family("gpt-5")).isEqualTo("gpt-5");
    }

    @Test
    void everyDistributionHasItsForm() {
        assertThat(distribution("{ strategy: single, targets: [{ service: s, model: m }] }"))
                .isEqualTo(new Single(List.of(new Target("s", "m"))));
        assertThat(distribution("{ strategy: by-model-name, targets: [{ pattern: 'gpt-*', service: s }] }"))
                .isEqualTo(new ByModelName(List.of(new Rule("gpt-*", "s", null))));
        assertThat(distribution("{ strategy: by-proportion, targets: [{ service: s, weight: 1 }] }"))
                .isEqualTo(new ByProportion(List.of(new Share("s", null, 1)), "none"));
    }

    private static Distribution distribution(String yaml) {
        ModelApi api = (ModelApi) read(Kind.MODEL_API, "name: a\ndistribution: " + yaml, Form.DECLARED);
        String again = Yaml.write(Binder.write(api, Form.DECLARED));
        assertThat(read(Kind.MODEL_API, again, Form.DECLARED)).isEqualTo(api);
        return api.distribution();
    }

    @Test
    void pathsAndDomainsAreNormalised() {
        ModelApi api = (ModelApi) read(
                Kind.MODEL_API,
                "{ name: a, domains: [API.Example], basePath: /team/, routes: [/v1/x/] }",
                Form.DECLARED);
        assertThat(api.domains()).containsExactly("api.example");
        assertThat(api.basePath()).isEqualTo("/team");
        assertThat(api.routes()).containsExactly(new RouteRule("/v1/x", null));
    }

    @Test
    void literalSecretsAndCredentialsAreInTheStoredFormOnly() {
        ProviderKey key = new ProviderKey("k", "openai", new Secret.Literal("sk-secret"), 1, true, "", "default");
        assertThat(Json.write(Binder.write(key, Form.DECLARED))).doesNotContain("secret");
        assertThat(Json.write(Binder.write(key, Form.SHOWN))).doesNotContain("secret");
        Tree stored = Binder.write(key, Form.STORED);
        assertThat(Json.write(stored)).contains("\"secret\":\"sk-secret\"");
        assertThat(Binder.read(ProviderKey.class, stored, Form.STORED, "", new Problems()))
                .contains(key);

        Credential credential =
                new Credential(KeyHash.of("a"), "a…", KeyHash.of("b"), Instant.parse("2027-01-01T00:00:00Z"));
        ApiKey apiKey = ((ApiKey) DEFAULTS.get(Kind.API_KEY)).with(credential);
        assertThat(Json.write(Binder.write(apiKey, Form.DECLARED))).doesNotContain("credential");
        assertThat(Json.write(Binder.write(apiKey, Form.SHOWN))).doesNotContain("credential");
        Tree whole = Binder.write(apiKey, Form.STORED);
        assertThat(Binder.read(ApiKey.class, whole, Form.STORED, "", new Problems()))
                .contains(apiKey);

        Problems problems = new Problems();
        assertThat(Binder.read(ApiKey.class, whole, Form.DECLARED, "", problems))
                .isEmpty();
        assertThat(problems.list()).singleElement().asString().startsWith("credential: unknown field");
    }

    @Test
    void theSchemaSaysWhatTheRecordSays() {
        assertThat(Json.write(Binder.schema(ModelApiGrant.class)))
                .isEqualTo("{\"oneOf\":[{\"type\":\"string\"},{\"type\":\"object\","
                        + "\"description\":\"The right to call one Model API.\",\"properties\":{"
                        + "\"name\":{\"type\":\"string\"},"
                        + "\"expiresAt\":{\"description\":\"The right ends here; left out = never.\",\"type\":\"string\",\"format\":\"date-time\"}},"
                        + "\"required\":[\"name\"],\"additionalProperties\":false}]}");
        String api = Json.write(Binder.schema(ModelApi.class));
        assertThat(api)
                .contains("\"retries\":{\"description\":\"Further tries of the same target after a passing failure.\","
                        + "\"type\":\"integer\",\"format\":\"int32\",\"minimum\":0,\"maximum\":5,\"default\":0}")
                .contains("\"strategy\":{\"const\":\"by-proportion\"}")
                .contains("\"discriminator\":{\"propertyName\":\"strategy\"}");
        assertThat(Json.write(Binder.schema(ApiKey.class)))
                .contains("\"writeOnly\":true")
                .doesNotContain("\"credential\"");
    }

    @Test
    void referencesAreFoundWhereverTheyAre() {
        assertThat(Binder.references(read(Kind.MODEL_API, EVERYTHING.get(Kind.MODEL_API), Form.DECLARED)))
                .extracting(r -> r.path() + "=" + r.list() + "/" + r.name())
                .containsExactly(
                        "distribution.targets[0].service=services/s",
                        "distribution.targets[1].service=services/t",
                        "fallback.steps[0].service=services/s",
                        "fallback.steps[1].service=services/t");
        assertThat(Binder.references(read(Kind.CONSUMER, EVERYTHING.get(Kind.CONSUMER), Form.DECLARED)))
                .extracting(r -> r.path() + "=" + r.list() + "/" + r.name())
                .containsExactly(
                        "groups[0]=consumerGroups/partners",
                        "modelApis[0].name=modelApis/chat",
                        "modelApis[1].name=modelApis/b");
        assertThat(Binder.references(read(Kind.API_KEY, EVERYTHING.get(Kind.API_KEY), Form.DECLARED)))
                .extracting(r -> r.list() + "/" + r.name())
                .containsExactly("consumers/shop", "modelApis/chat");
    }

    @Test
    void whatWasStoredIsReadEvenIfRulesOrFieldsHaveChangedSince() {
        Problems problems = new Problems();
        Tree stored = Json.read("", "{\"name\": \"-old\", \"fromTheFuture\": 1}", problems)
                .orElseThrow();
        assertThat(Binder.read(Consumer.class, stored, Form.STORED, "", problems))
                .map(Consumer::name)
                .contains("-old");
        assertThat(problems.list()).isEmpty();
        assertThat(Binder.read(Consumer.class, stored, Form.DECLARED, "", problems))
                .isEmpty();
    }
}
