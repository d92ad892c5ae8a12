package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeclarationTest {
    private static final String YAML = """
            providerKeys:
              - { name: main, provider: openai, secret: "${MAIN_SECRET}" }
            services:
              - name: openai
                provider: openai
                keys: [main]
            modelApis:
              - name: chat
                distribution: { strategy: single, targets: [ { service: openai } ] }
            consumers:
              - { name: shop, modelApis: [chat] }
            apiKeys:
              - { name: shop-key, consumer: shop }
            """;

    @RegisterExtension
    final AdminFixture gateway = new AdminFixture();

    private Reply apply(String query, String yaml) {
        gateway.environment.put("MAIN_SECRET", "sk-main-secret");
        return gateway.client().yaml("/admin/v1/apply" + query, yaml);
    }

    @Test
    void appliesADeclarationAndShowsGeneratedSecretsOnce() {
        Reply reply = apply("", YAML);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat((List<?>) reply.at("changes"))
                .extracting(c -> ((Map<?, ?>) c).get("action") + " " + ((Map<?, ?>) c).get("kind"))
                .containsExactly(
                        "create providerKeys",
                        "create services",
                        "create modelApis",
                        "create consumers",
                        "create apiKeys");
        assertThat(reply.text("secrets.0.name")).isEqualTo("shop-key");
        assertThat(reply.text("secrets.0.secret")).hasSizeGreaterThan(40);
        assertThat(reply.body()).doesNotContain("sk-main-secret");
        assertThat(gateway.published).hasSize(1);

        Reply again = apply("", YAML);
        assertThat(again.at("changes")).isEqualTo(List.of());
        assertThat(again.at("secrets")).isEqualTo(List.of());
        assertThat(gateway.settings.current().revision()).isEqualTo(1);
    }

    @Test
    void changesNothingInADryRun() {
        Reply reply = apply("?dryRun=true", YAML);
        assertThat((List<?>) reply.at("changes")).hasSize(5);
        assertThat(reply.at("secrets")).isEqualTo(List.of());
        assertThat(gateway.settings.current().revision()).isZero();
        assertThat(gateway.published).isEmpty();
    }

    @Test
    void showsWhatAnUpdateChangesWithoutSecrets() {
        apply("", YAML);
        Reply reply = apply("", YAML.replace("keys: [main]", "keys: [main]\n    description: fast"));
        assertThat(reply.text("changes.0.action")).isEqualTo("update");
        assertThat(reply.text("changes.0.differences.0.path")).isEqualTo("description");
        assertThat(reply.text("changes.0.differences.0.after")).isEqualTo("\"fast\"");
        Reply secret = apply("", YAML.replace("${MAIN_SECRET}", "sk-another-secret"));
        assertThat(secret.text("changes.0.kind")).isEqualTo("providerKeys");
        assertThat(secret.body()).doesNotContain("sk-another-secret", "sk-main-secret");
    }

    @Test
    void listsEveryProblemWithFileAndLineAndChangesNothing() {
        Reply reply = apply(
                "?file=sluice.yaml",
                YAML.replace("keys: [main]", "keyz: [main]").replace("service: openai", "service: nothing")
                        + "colour: 1\n");
        assertThat(reply.status()).isEqualTo(400);
        assertThat((List<?>) reply.at("error.problems"))
                .extracting(p -> ((Map<?, ?>) p).get("file") + ":" + ((Map<?, ?>) p).get("line"))
                .contains("sluice.yaml:6", "sluice.yaml:14");
        assertThat(gateway.settings.current().revision()).isZero();
        Reply dangling = apply("?file=sluice.yaml", YAML.replace("service: openai", "service: nothing"));
        assertThat(dangling.text("error.problems.0.file")).isEqualTo("sluice.yaml");
        assertThat(dangling.at("error.problems.0.line")).isEqualTo(9);
        assertThat(dangling.text("error.problems.0.path")).isEqualTo("modelApis[0].distribution.targets[0].service");
    }

    @Test
    void listsSyntaxErrorsWithTheirLine() {
        Reply reply = apply("", "services:\n  - name: [\n");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("error.problems.0.file")).isEqualTo("request.yaml");
        assertThat((Integer) reply.at("error.problems.0.line")).isGreaterThan(1);
    }

    @Test
    void readsJsonAndSeveralFilesAsOneDeclaration() {
        Reply json = gateway.client().post("/admin/v1/apply", "{\"consumers\":[{\"name\":\"a\"}]}");
        assertThat(json.status()).as(json.body()).isEqualTo(200);
        Reply files = gateway.client()
                .post(
                        "/admin/v1/apply",
                        "[{\"file\":\"keys.yaml\",\"text\":\"apiKeys: [{name: k, consumer: b, secret: env:K}]\","
                                + "\"environment\":{\"K\":\"sent-along-secret\"}},"
                                + "{\"file\":\"consumers.json\",\"text\":\"{\\\"consumers\\\":[{\\\"name\\\":\\\"b\\\"}]}\"}]");
        assertThat(files.status()).as(files.body()).isEqualTo(200);
        assertThat(gateway.client().get("/admin/v1/apiKeys/k").text("consumer")).isEqualTo("b");
        assertThat(files.body()).doesNotContain("sent-along-secret");
        Reply wrong = gateway.client()
                .post(
                        "/admin/v1/apply",
                        "[{\"file\":\"dir/a.yaml\",\"text\":\"\\n\\nconsumers: 1\"}, {\"file\":\"b.yaml\"}]");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("error.problems.0.path")).isEqualTo("[1].text");
        Reply line =
                gateway.client().post("/admin/v1/apply", "[{\"file\":\"dir/a.yaml\",\"text\":\"\\n\\nconsumers: 1\"}]");
        assertThat(line.text("error.problems.0.file")).isEqualTo("dir/a.yaml");
        assertThat(line.at("error.problems.0.line")).isEqualTo(3);
    }

    @Test
    void prunesWhatIsNotNamedButNothingThatIsInUse() {
        apply("", YAML);
        gateway.client().post("/admin/v1/consumers", "{\"name\":\"old\"}");
        assertThat(apply("", YAML).at("changes")).isEqualTo(List.of());
        Reply pruned = apply("?prune=true", YAML);
        assertThat(pruned.text("changes.0.action")).isEqualTo("delete");
        assertThat(pruned.text("changes.0.name")).isEqualTo("old");
        assertThat(gateway.client().get("/admin/v1/consumers/old").status()).isEqualTo(404);
    }

    @Test
    void saysWhichVariableIsNotSet() {
        Reply reply = gateway.client().yaml("/admin/v1/apply", YAML);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("error.message")).contains("MAIN_SECRET is not set");
    }

    @Test
    void exportsWhatCanBeAppliedAgain() {
        apply("", YAML);
        Reply yaml = gateway.client().get("/admin/v1/export");
        assertThat(yaml.header("content-type")).isEqualTo("application/yaml");
        assertThat(yaml.body()).contains("name: openai").doesNotContain("sk-main-secret", "createdAt");
        assertThat(apply("", yaml.body()).at("changes")).isEqualTo(List.of());
        Reply json = gateway.client().send("GET", "/admin/v1/export", "", "", "Accept", "application/json");
        assertThat(json.header("content-type")).isEqualTo("application/json");
        assertThat(json.json()).isEqualTo(yaml.json());
    }

    @Test
    void saysThatAFileNeedsItsContentType() {
        Reply reply = gateway.client().send("POST", "/admin/v1/apply", YAML, "application/x-www-form-urlencoded");
        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.text("error.message")).contains("application/yaml");
        assertThat(gateway.client()
                        .send("POST", "/admin/v1/apply", "", "application/yaml")
                        .status())
                .isEqualTo(400);
    }
}
