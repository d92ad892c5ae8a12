package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Kind;
import dev.sluice.settings.Owner;
import dev.sluice.settings.Settings;
import dev.sluice.settings.Stored;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ResourcesTest {
    private static final String SERVICE = "{\"name\":\"%s\",\"provider\":\"openai\",\"keys\":[\"main\"]}";

    @RegisterExtension
    final AdminFixture gateway = new AdminFixture();

    private AdminClient admin;

    @BeforeEach
    void declareAChain() {
        admin = gateway.client();
        created("/admin/v1/providerKeys", "{\"name\":\"main\",\"provider\":\"openai\",\"secret\":\"sk-very-secret\"}");
        created("/admin/v1/services", SERVICE.formatted("openai"));
        created(
                "/admin/v1/modelApis",
                "{\"name\":\"chat\",\"distribution\":{\"strategy\":\"single\",\"targets\":[{\"service\":\"openai\"}]}}");
        created("/admin/v1/consumerGroups", "{\"name\":\"partners\",\"modelApis\":[\"chat\"]}");
        created("/admin/v1/consumers", "{\"name\":\"shop\",\"groups\":[\"partners\"]}");
        created("/admin/v1/apiKeys", "{\"name\":\"shop-key\",\"consumer\":\"shop\"}");
        created(
                "/admin/v1/prices",
                "{\"provider\":\"openai\",\"model\":\"gpt-4o\",\"inputPerMillion\":2.5,\"outputPerMillion\":10}");
    }

    private Reply created(String path, String json) {
        Reply reply = admin.post(path, json);
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        return reply;
    }

    @Test
    void showsEveryKindByNameAndById() {
        for (Kind kind : Kind.values()) {
            Reply list = admin.get("/admin/v1/" + kind.list());
            assertThat(list.status()).isEqualTo(200);
            assertThat(list.at("total")).isEqualTo(1);
            String id = list.text("items.0.id");
            String name = list.text("items.0.name").replace("/", "%2F");
            assertThat(id).startsWith(kind.idPrefix() + "_");
            Reply byName = admin.get("/admin/v1/" + kind.list() + "/" + name);
            assertThat(byName.status()).isEqualTo(200);
            assertThat(byName.header("etag")).isEqualTo("\"1\"");
            assertThat(byName.json())
                    .isEqualTo(admin.get("/admin/v1/" + kind.list() + "/" + id).json());
            assertThat(admin.get("/admin/v1/" + kind.list() + "/nothing").status())
                    .isEqualTo(404);
        }
    }

    @Test
    void tellsWhereACreatedResourceIs() {
        Reply reply = created("/admin/v1/services", SERVICE.formatted("second"));
        assertThat(reply.header("location")).isEqualTo("/admin/v1/services/" + reply.text("id"));
        assertThat(admin.get(reply.header("location")).text("name")).isEqualTo("second");
        assertThat(reply.text("owner")).isEqualTo("api");
        assertThat(reply.text("createdAt")).isEqualTo("2026-11-20T12:00:00Z");
    }

    @Test
    void publishesAChangeBeforeItIsAnswered() {
        int before = gateway.published.size();
        created("/admin/v1/services", SERVICE.formatted("second"));
        assertThat(gateway.published).hasSize(before + 1);
        assertThat(gateway.published.getLast().find(Kind.SERVICE, "default", "second"))
                .isPresent();
        assertThat(gateway.settings.authors()).allSatisfy(author -> {
            assertThat(author.name()).isEqualTo("bootstrap-admin");
            assertThat(author.address()).isEqualTo("127.0.0.1");
        });
    }

    @Test
    void takesYamlAndNamesTheLineOfEachProblem() {
        Reply reply = admin.yaml(
                "/admin/v1/services", "name: 9lives\nprovider: openai\ntimeouts:\n  idleMs: none\nkeyz: []\n");
        assertThat(reply.status()).isEqualTo(400);
        Map<Object, Object> lines = new java.util.HashMap<>();
        ((List<?>) reply.at("error.problems"))
                .forEach(p -> lines.put(((Map<?, ?>) p).get("path"), ((Map<?, ?>) p).get("line")));
        assertThat(lines).containsEntry("timeouts.idleMs", 4).containsEntry("keyz", 5);
    }

    @Test
    void saysWhichRuleANameBreaks() {
        Reply reply = admin.post("/admin/v1/services", SERVICE.formatted("9lives"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("error.problems.0.path")).isEqualTo("name");
        assertThat(reply.text("error.message")).contains("starts with a digit");
    }

    @Test
    void refusesAReferenceToNothing() {
        Reply reply = admin.post("/admin/v1/consumers", "{\"name\":\"x\",\"groups\":[\"partner\"]}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("error.problems.0.path")).isEqualTo("groups[0]");
        assertThat(reply.text("error.message")).contains("did you mean \"partners\"?");
    }

    @Test
    void refusesANameThatIsTaken() {
        Reply reply = admin.post("/admin/v1/services", SERVICE.formatted("openai"));
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.text("error.code")).isEqualTo("name_taken");
    }

    @Test
    void neverShowsASecret() {
        for (Kind kind : Kind.values())
            assertThat(admin.get("/admin/v1/" + kind.list()).body()).doesNotContain("sk-very-secret", "sk-sluice-");
        Reply key = admin.get("/admin/v1/providerKeys/main");
        assertThat(key.text("secretSource")).isEqualTo("literal");
        assertThat(key.at("secret")).isNull();
        created("/admin/v1/providerKeys", "{\"name\":\"ref\",\"provider\":\"openai\",\"secret\":\"env:OPENAI\"}");
        assertThat(admin.get("/admin/v1/providerKeys/ref").text("secret")).isEqualTo("env:OPENAI");
        assertThat(admin.get("/admin/v1/providerKeys?secretSource=env").each("name"))
                .containsExactly("ref");
    }

    @Test
    void showsHowAProviderKeyFares() {
        Reply key = admin.get("/admin/v1/providerKeys/main");
        assertThat(key.text("runtime.state")).isEqualTo("rejected");
        assertThat(key.at("runtime.calls")).isEqualTo(7);
        assertThat(key.text("runtime.restingUntil")).isEqualTo("2027-01-15T08:00:00Z");
    }

    @Test
    void showsHowTheNodesAndCircuitsOfAServiceFare() {
        String name = admin.get("/admin/v1/services").text("items.0.name");
        Reply service = admin.get("/admin/v1/services/" + name);
        assertThat(service.text("runtime.nodes.0.address")).isEqualTo("10.0.0.1:8000");
        assertThat(service.text("runtime.nodes.0.state")).isEqualTo("ejected");
        assertThat(service.text("runtime.nodes.0.ejectedUntil")).isEqualTo("2027-01-15T08:00:00Z");
        assertThat(service.text("runtime.nodesProblem")).isEqualTo("llm: no answer");
        assertThat(service.text("runtime.circuits.0.state")).isEqualTo("open");
        assertThat(admin.put("/admin/v1/services/" + name, service.body()).status())
                .as("what was read can be sent back")
                .isEqualTo(200);
    }

    @Test
    void replacesWhatWasReadAndKeepsTheSecret() {
        Reply read = admin.get("/admin/v1/providerKeys/main");
        Reply reply = admin.put(
                "/admin/v1/providerKeys/main", read.body().replace("\"note\":\"\"", "\"note\":\"rotated in May\""));
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.at("version")).isEqualTo(2);
        assertThat(reply.text("note")).isEqualTo("rotated in May");
        assertThat(reply.text("secretSource")).isEqualTo("literal");
        assertThat(reply.text("id")).isEqualTo(read.text("id"));
    }

    @Test
    void leavesAnUnchangedResourceAtItsVersion() {
        Reply read = admin.get("/admin/v1/services/openai");
        Reply reply = admin.put("/admin/v1/services/openai", read.body());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.at("version")).isEqualTo(1);
    }

    @Test
    void replacingNeedsAVersion() {
        Reply reply = admin.put("/admin/v1/services/openai", SERVICE.formatted("openai"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("error.problems.0.path")).isEqualTo("version");
        assertThat(admin.put("/admin/v1/services/openai", SERVICE.formatted("openai"), "If-Match", "\"1\"")
                        .status())
                .isEqualTo(200);
        assertThat(admin.put("/admin/v1/services/openai", SERVICE.formatted("openai"), "If-Match", "*")
                        .status())
                .isEqualTo(200);
        assertThat(admin.put("/admin/v1/services/openai", SERVICE.formatted("openai"), "If-Match", "\"one\"")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void refusesAStaleVersionAndShowsTheCurrentObject() {
        admin.patch("/admin/v1/services/openai", "{\"description\":\"first\"}");
        for (Reply reply : List.of(
                admin.put("/admin/v1/services/openai", SERVICE.formatted("openai"), "If-Match", "\"1\""),
                admin.patch("/admin/v1/services/openai", "{\"description\":\"x\",\"version\":1}"),
                admin.delete("/admin/v1/services/openai", "If-Match", "\"1\""))) {
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.text("error.code")).isEqualTo("stale_version");
            assertThat(reply.header("etag")).isEqualTo("\"2\"");
            assertThat(reply.at("error.current.version")).isEqualTo(2);
            assertThat(reply.text("error.current.description")).isEqualTo("first");
        }
    }

    @Test
    void letsOneOfTwoConcurrentEditsWin() throws Exception {
        int rounds = 10;
        try (ExecutorService two = Executors.newFixedThreadPool(2)) {
            for (int version = 1; version <= rounds; version++) {
                String body = "{\"name\":\"openai\",\"provider\":\"openai\",\"description\":\"%s\",\"version\":"
                        + version + "}";
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<Integer>> replies = List.of("a" + version, "b" + version).stream()
                        .map(text -> two.submit(() -> {
                            start.await(10, TimeUnit.SECONDS);
                            return admin.put("/admin/v1/services/openai", body.formatted(text))
                                    .status();
                        }))
                        .toList();
                assertThat(List.of(replies.get(0).get(), replies.get(1).get())).containsExactlyInAnyOrder(200, 409);
            }
        }
        assertThat(admin.get("/admin/v1/services/openai").at("version")).isEqualTo(rounds + 1);
    }

    @Test
    void mergesAPatchIntoWhatIsThere() {
        Reply reply = admin.patch(
                "/admin/v1/services/openai",
                "{\"timeouts\":{\"idleMs\":5},\"modelPolicy\":{\"allowedModels\":[\"gpt-*\"]}}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.at("timeouts.idleMs")).isEqualTo(5);
        assertThat(reply.at("timeouts.connectMs")).isEqualTo(10_000);
        assertThat(reply.at("keys")).isEqualTo(List.of("main"));
        Reply back = admin.patch("/admin/v1/services/openai", "{\"timeouts\":{\"idleMs\":null}}");
        assertThat(back.at("timeouts.idleMs")).isEqualTo(60_000);
    }

    @Test
    void refusesAPatchThatBreaksARule() {
        Reply reply = admin.patch("/admin/v1/services/openai", "{\"timeouts\":{\"idleMs\":0},\"keys\":[\"nope\"]}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(admin.get("/admin/v1/services/openai").at("version")).isEqualTo(1);
        assertThat(admin.patch("/admin/v1/services/openai", "{\"colour\":1}").status())
                .isEqualTo(400);
        assertThat(admin.patch("/admin/v1/services/nothing", "{}").status()).isEqualTo(404);
    }

    @Test
    void replacesADistributionByOneOfAnotherStrategy() {
        admin.patch(
                "/admin/v1/modelApis/chat",
                "{\"distribution\":{\"strategy\":\"by-proportion\",\"stickyBy\":\"consumer\",\"targets\":[{\"service\":\"openai\",\"weight\":1}]}}");
        Reply reply = admin.patch(
                "/admin/v1/modelApis/chat",
                "{\"distribution\":{\"strategy\":\"by-model-name\",\"targets\":[{\"pattern\":\"*\",\"service\":\"openai\"}]}}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.text("distribution.targets.0.pattern")).isEqualTo("*");
    }

    @Test
    void listsWhatRefersToAResource() {
        Reply reply = admin.get("/admin/v1/services/openai/dependencies");
        assertThat(reply.at("total")).isEqualTo(1);
        assertThat(reply.text("items.0.kind")).isEqualTo("modelApis");
        assertThat(reply.text("items.0.name")).isEqualTo("chat");
        assertThat(reply.text("items.0.relation")).isEqualTo("distribution.targets[0].service");
        assertThat(admin.get("/admin/v1/consumers/shop/dependencies").text("items.0.name"))
                .isEqualTo("shop-key");
    }

    @Test
    void deletesOnlyWhatNothingRefersTo() {
        for (String path : List.of(
                "providerKeys/main",
                "services/openai",
                "modelApis/chat",
                "consumerGroups/partners",
                "consumers/shop")) {
            for (String query : List.of("", "?dryRun=true")) {
                Reply reply = admin.delete("/admin/v1/" + path + query);
                assertThat(reply.status()).isEqualTo(409);
                assertThat(reply.text("error.code")).isEqualTo("in_use");
                assertThat((List<?>) reply.at("error.dependencies")).hasSize(1);
            }
        }
        admin.post("/admin/v1/apiKeys/shop-key/disable", "");
        for (String path : List.of(
                "apiKeys/shop-key",
                "consumers/shop",
                "consumerGroups/partners",
                "modelApis/chat",
                "services/openai",
                "providerKeys/main",
                "prices/openai%2Fgpt-4o")) {
            Reply recheck = admin.delete("/admin/v1/" + path + "?dryRun=true");
            assertThat(recheck.status()).as(path).isEqualTo(200);
            assertThat(recheck.at("total")).isEqualTo(0);
            assertThat(admin.delete("/admin/v1/" + path).status()).as(path).isEqualTo(204);
            assertThat(admin.delete("/admin/v1/" + path).status()).isEqualTo(404);
        }
    }

    @Test
    void renamesOnlyWhatNothingRefersTo() {
        Reply refused = admin.patch("/admin/v1/services/openai", "{\"name\":\"renamed\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("error.code")).isEqualTo("in_use");
        assertThat(refused.text("error.dependencies.0.name")).isEqualTo("chat");

        Reply before = created("/admin/v1/services", SERVICE.formatted("lonely"));
        assertThat(admin.patch("/admin/v1/services/lonely", "{\"name\":\"openai\"}")
                        .text("error.code"))
                .isEqualTo("name_taken");
        Reply renamed = admin.patch("/admin/v1/services/lonely", "{\"name\":\"renamed\"}");
        assertThat(renamed.status()).as(renamed.body()).isEqualTo(200);
        assertThat(renamed.text("id")).isEqualTo(before.text("id"));
        assertThat(renamed.at("version")).isEqualTo(2);
        assertThat(admin.get("/admin/v1/services/lonely").status()).isEqualTo(404);
        Reply both = admin.patch("/admin/v1/services/renamed", "{\"name\":\"again\",\"description\":\"d\"}");
        assertThat(both.at("version")).isEqualTo(3);
        assertThat(both.text("description")).isEqualTo("d");
    }

    @Test
    void keepsTheSecretOfARenamedKey() {
        created(
                "/admin/v1/providerKeys",
                "{\"name\":\"spare\",\"provider\":\"openai\",\"secret\":\"sk-spare-secret\"}");
        Reply reply = admin.patch("/admin/v1/providerKeys/spare", "{\"name\":\"reserve\"}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.text("secretSource")).isEqualTo("literal");
        Reply key = admin.get("/admin/v1/apiKeys/shop-key");
        assertThat(admin.patch("/admin/v1/apiKeys/shop-key", "{\"name\":\"till\"}")
                        .text("hint"))
                .isEqualTo(key.text("hint"));
    }

    @Test
    void leavesWhatAFileOwnsToTheFile() {
        gateway.settings.change(new dev.sluice.settings.Author("file:sluice.yaml", "local"), settings -> {
            Stored<?> api = settings.find(Kind.SERVICE, Settings.DEFAULT_TENANT, "openai")
                    .orElseThrow();
            return settings.put(new Stored<>(
                    api.id(), api.tenant(), api.version(), Owner.FILE, api.createdAt(), api.updatedAt(), api.spec()));
        });
        for (Reply reply : List.of(
                admin.patch("/admin/v1/services/openai", "{\"description\":\"x\"}"),
                admin.put("/admin/v1/services/openai", SERVICE.formatted("openai"), "If-Match", "1"),
                admin.delete("/admin/v1/services/openai"))) {
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.text("error.code")).isEqualTo("file_owned");
            assertThat(reply.text("error.message")).contains("file", "change it there");
        }
        assertThat(admin.get("/admin/v1/services?owner=file").at("total")).isEqualTo(1);
    }

    @Test
    void filtersSortsAndPages() {
        for (String name : List.of("b", "a", "d", "c"))
            created(
                    "/admin/v1/services",
                    "{\"name\":\"" + name + "\",\"provider\":\"deepseek\",\"enabled\":" + !name.equals("d") + "}");
        assertThat(admin.get("/admin/v1/services").each("name")).containsExactly("a", "b", "c", "d", "openai");
        Reply page = admin.get("/admin/v1/services?provider=deepseek&sort=-name&offset=1&limit=2");
        assertThat(page.each("name")).containsExactly("c", "b");
        assertThat(page.at("total")).isEqualTo(4);
        assertThat(admin.get("/admin/v1/services?enabled=false").each("name")).containsExactly("d");
        assertThat(admin.get("/admin/v1/services?q=PENA").each("name")).containsExactly("openai");
        assertThat(admin.get("/admin/v1/services?keys=main").each("name")).containsExactly("openai");
        assertThat(admin.get("/admin/v1/services?sort=provider,-name").each("name"))
                .containsExactly("d", "c", "b", "a", "openai");
        assertThat(admin.get("/admin/v1/services?offset=9").each("name")).isEmpty();
        Reply refused = admin.get("/admin/v1/services?sort=colour");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("error.message")).contains("\"colour\"", "name");
    }

    @Test
    void sortsNumbersAsNumbers() {
        for (int weight : List.of(9, 100, 20))
            created(
                    "/admin/v1/providerKeys",
                    "{\"name\":\"k" + weight + "\",\"provider\":\"openai\",\"secret\":\"sk-12345678\",\"weight\":"
                            + weight + "}");
        assertThat(admin.get("/admin/v1/providerKeys?sort=weight").each("name"))
                .containsExactly("main", "k9", "k20", "k100");
    }

    @Test
    void createsInTheTenantThatTheBodyNames() {
        Reply reply = created(
                "/admin/v1/providerKeys",
                "{\"name\":\"main\",\"provider\":\"openai\",\"secret\":\"sk-12345678\",\"tenant\":\"other\"}");
        assertThat(reply.text("tenant")).isEqualTo("other");
        assertThat(admin.get("/admin/v1/providerKeys?tenant=other").at("total")).isEqualTo(1);
        assertThat(admin.get("/admin/v1/providerKeys/main").text("tenant")).isEqualTo("default");
        assertThat(admin.patch("/admin/v1/providerKeys/" + reply.text("id"), "{\"note\":\"n\"}")
                        .text("tenant"))
                .isEqualTo("other");
    }
}
