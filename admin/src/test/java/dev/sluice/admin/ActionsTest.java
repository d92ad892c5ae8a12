package dev.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.resources.ConnectionTest;
import dev.sluice.settings.ApiKey;
import dev.sluice.settings.Credential;
import dev.sluice.settings.KeyHash;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ActionsTest {
    @RegisterExtension
    final AdminFixture gateway = new AdminFixture();

    private AdminClient admin;

    @BeforeEach
    void declareAConsumer() {
        admin = gateway.client();
        admin.post("/admin/v1/consumers", "{\"name\":\"shop\"}");
    }

    private Credential credential(String key) {
        return gateway.settings
                .current()
                .find(ApiKey.class, "default", key)
                .orElseThrow()
                .spec()
                .credential();
    }

    @Test
    void showsAGeneratedSecretOnceAndKeepsItsHash() {
        Reply created = admin.post("/admin/v1/apiKeys", "{\"name\":\"k\",\"consumer\":\"shop\"}");
        assertThat(created.status()).isEqualTo(201);
        String secret = created.text("secret");
        assertThat(secret).hasSizeGreaterThan(40);
        assertThat(credential("k").hash()).isEqualTo(KeyHash.of(secret));
        Reply read = admin.get("/admin/v1/apiKeys/k");
        assertThat(read.at("secret")).isNull();
        assertThat(read.text("hint")).endsWith(secret.substring(secret.length() - 4));
    }

    @Test
    void takesASecretOfTheCallersOwn() {
        Reply created = admin.post(
                "/admin/v1/apiKeys", "{\"name\":\"k\",\"consumer\":\"shop\",\"secret\":\"my-own-secret-1\"}");
        assertThat(created.text("secret")).isEqualTo("my-own-secret-1");
        assertThat(credential("k").hash()).isEqualTo(KeyHash.of("my-own-secret-1"));
        for (String bad : List.of("short", "x".repeat(257))) {
            Reply refused = admin.post(
                    "/admin/v1/apiKeys", "{\"name\":\"j\",\"consumer\":\"shop\",\"secret\":\"" + bad + "\"}");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("error.message")).contains("8 to 256").doesNotContain(bad);
        }
    }

    @Test
    void refusesASecretThatAnotherKeyHas() {
        admin.post("/admin/v1/apiKeys", "{\"name\":\"k\",\"consumer\":\"shop\",\"secret\":\"my-own-secret-1\"}");
        Reply refused = admin.post(
                "/admin/v1/apiKeys", "{\"name\":\"j\",\"consumer\":\"shop\",\"secret\":\"my-own-secret-1\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("error.problems.0.path")).isEqualTo("secret");
        assertThat(refused.body()).doesNotContain("my-own-secret-1");
    }

    @Test
    void readsTheSecretOfAKeyFromTheEnvironmentWithoutShowingIt() {
        gateway.environment.put("SHOP_KEY", "from-the-environment");
        Reply created =
                admin.post("/admin/v1/apiKeys", "{\"name\":\"k\",\"consumer\":\"shop\",\"secret\":\"env:SHOP_KEY\"}");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.body()).doesNotContain("from-the-environment");
        assertThat(credential("k").hash()).isEqualTo(KeyHash.of("from-the-environment"));
    }

    @Test
    void rotatesAKeyWithAGraceTimeForTheOldSecret() {
        String old = admin.post("/admin/v1/apiKeys", "{\"name\":\"k\",\"consumer\":\"shop\"}")
                .text("secret");
        Reply rotated = admin.post("/admin/v1/apiKeys/k/rotate", "{\"graceSeconds\":3600}");
        assertThat(rotated.status()).as(rotated.body()).isEqualTo(200);
        assertThat(rotated.text("secret")).isNotEqualTo(old);
        assertThat(rotated.text("previousValidUntil")).isEqualTo("2026-11-20T13:00:00Z");
        assertThat(credential("k"))
                .extracting(Credential::hash, Credential::previousHash, Credential::previousValidUntil)
                .containsExactly(
                        KeyHash.of(rotated.text("secret")), KeyHash.of(old), Instant.parse("2026-11-20T13:00:00Z"));
        Reply atOnce = admin.send("POST", "/admin/v1/apiKeys/k/rotate", "", "");
        assertThat(atOnce.status()).isEqualTo(200);
        assertThat(atOnce.at("previousValidUntil")).isNull();
        assertThat(atOnce.at("version")).isEqualTo(3);
    }

    @Test
    void refusesToRotateWithNonsense() {
        admin.post("/admin/v1/apiKeys", "{\"name\":\"k\",\"consumer\":\"shop\"}");
        assertThat(admin.post("/admin/v1/apiKeys/k/rotate", "{\"graceSeconds\":-1}")
                        .status())
                .isEqualTo(400);
        assertThat(admin.post("/admin/v1/apiKeys/k/rotate", "{\"grace\":1}").status())
                .isEqualTo(400);
        assertThat(admin.post("/admin/v1/apiKeys/none/rotate", "{}").status()).isEqualTo(404);
    }

    @Test
    void deletesAnEnabledKeyOnlyByForce() {
        admin.post("/admin/v1/apiKeys", "{\"name\":\"k\",\"consumer\":\"shop\"}");
        Reply refused = admin.delete("/admin/v1/apiKeys/k");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("error.code")).isEqualTo("key_enabled");
        assertThat(admin.delete("/admin/v1/apiKeys/k?force=true").status()).isEqualTo(204);
    }

    @Test
    void disablesAndEnablesAKeyWithoutTouchingItsSecret() {
        admin.post("/admin/v1/apiKeys", "{\"name\":\"k\",\"consumer\":\"shop\"}");
        KeyHash hash = credential("k").hash();
        assertThat(admin.post("/admin/v1/apiKeys/k/disable", "").at("enabled")).isEqualTo(false);
        assertThat(admin.get("/admin/v1/apiKeys?enabled=false").at("total")).isEqualTo(1);
        assertThat(admin.post("/admin/v1/apiKeys/k/enable", "").at("enabled")).isEqualTo(true);
        assertThat(credential("k").hash()).isEqualTo(hash);
    }

    @Test
    void doesNotLetACallerWriteACredential() {
        Reply refused = admin.post(
                "/admin/v1/apiKeys",
                "{\"name\":\"k\",\"consumer\":\"shop\",\"credential\":{\"hash\":\"" + "0".repeat(64)
                        + "\",\"hint\":\"\"}}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("error.problems.0.path")).isEqualTo("credential");
    }

    @Test
    void reinstatesAProviderKey() {
        admin.post("/admin/v1/providerKeys", "{\"name\":\"main\",\"provider\":\"openai\",\"secret\":\"sk-12345678\"}");
        Reply reply = admin.post("/admin/v1/providerKeys/main/reinstate", "");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text("runtime.state")).isEqualTo("active");
        assertThat(gateway.reinstated).containsExactly(reply.text("id"));
        assertThat(admin.post("/admin/v1/providerKeys/none/reinstate", "").status())
                .isEqualTo(404);
    }

    @Test
    void unbindsAServiceWhoseNameIsTypedAgain() {
        for (String name : List.of("one", "two"))
            admin.post("/admin/v1/services", "{\"name\":\"" + name + "\",\"provider\":\"openai\"}");
        admin.post(
                "/admin/v1/modelApis",
                "{\"name\":\"chat\",\"distribution\":{\"strategy\":\"single\",\"targets\":[{\"service\":\"one\"}]},"
                        + "\"fallback\":{\"steps\":[{\"service\":\"two\"},{\"service\":\"one\",\"model\":\"m\"}]}}");
        Reply refused = admin.post("/admin/v1/modelApis/chat/unbind", "{\"confirmName\":\"ones\"}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("error.message")).contains("\"ones\"", "one or two");
        assertThat(admin.post("/admin/v1/modelApis/chat/unbind", "{}").status()).isEqualTo(400);

        Reply unbound = admin.post("/admin/v1/modelApis/chat/unbind", "{\"confirmName\":\"one\"}");
        assertThat(unbound.status()).as(unbound.body()).isEqualTo(200);
        assertThat(unbound.at("distribution.targets")).isEqualTo(List.of());
        assertThat((List<?>) unbound.at("fallback.steps")).hasSize(1);
        assertThat(admin.get("/admin/v1/services/one/dependencies").at("total")).isEqualTo(0);

        Reply bound =
                admin.patch("/admin/v1/modelApis/chat", "{\"distribution\":{\"targets\":[{\"service\":\"one\"}]}}");
        assertThat(bound.text("distribution.targets.0.service")).isEqualTo("one");
    }

    @Test
    void testsAServiceAndTellsTheCauseInPlainWords() {
        admin.post("/admin/v1/services", "{\"name\":\"one\",\"provider\":\"openai\"}");
        Reply good = admin.post("/admin/v1/services/one/test", "{\"model\":\"gpt-4o\"}");
        assertThat(good.at("success")).isEqualTo(true);
        assertThat(good.text("model")).isEqualTo("gpt-4o");
        gateway.connectionTest = (tenant, service, model, key) -> new ConnectionTest.Result(
                false, 5, 401, "m", tenant + "/" + service + ": the provider refused the key");
        Reply bad = admin.post("/admin/v1/services/one/test", "");
        assertThat(bad.status()).isEqualTo(200);
        assertThat(bad.text("cause")).isEqualTo("default/one: the provider refused the key");
        assertThat(admin.post("/admin/v1/services/none/test", "").status()).isEqualTo(404);
    }
}
