package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes while calls run, and what outlives the process. */
class ChangeTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    Path folder;

    private Simulator before;
    private Simulator after;
    private GatewayUnderTest gateway;

    @BeforeEach
    void start() {
        before = Simulator.start();
        after = Simulator.start();
        gateway = GatewayUnderTest.start(folder, "");
        assertThat(apply(declaration(), "").status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        gateway.close();
        after.close();
        before.close();
    }

    @Test
    void theNextCallGoesByTheChangeAndARunningStreamByWhatItBeganWith() throws Exception {
        before.rules().add(Rule.always("tokens=40;tps=100").forModel("long"));
        try (RawConnection client = gateway.connect().post(CHAT, GatewayUnderTest.chat("long", true), "")) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            Reply changed = gateway.admin(
                    "PATCH",
                    "/admin/v1/services/main",
                    "application/merge-patch+json",
                    "{\"address\":{\"url\":\"" + after.url() + "/v1\"}}",
                    "if-match",
                    versionOf("/admin/v1/services/main"));
            assertThat(changed.status()).as(changed.text()).isEqualTo(200);
            assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).status()).isEqualTo(200);
            assertThat(after.journal().size()).isEqualTo(1);

            Reply off = gateway.admin("POST", "/admin/v1/apiKeys/caller-key/disable", "", "");
            assertThat(off.status()).as(off.text()).isEqualTo(200);
            assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).status()).isEqualTo(401);
            assertThat(client.readUntil("data: [DONE]")).doesNotContain("\"error\"");
        }
        ReceivedCall stream = before.journal().awaitOutcome(1).get(20, TimeUnit.SECONDS);
        assertThat(stream.isCancelled()).isFalse();
        assertThat(before.journal().size()).isEqualTo(1);
    }

    @Test
    void aDryRunShowsTheChangeAndMakesNone() {
        String changed = declaration().replace("name: spare", "name: other");
        Reply shown = apply(changed, "?dryRun=true&prune=true");
        assertThat(shown.status()).isEqualTo(200);
        assertThat(shown.text()).contains("spare", "other");
        assertThat(gateway.admin("GET", "/admin/v1/services/spare", "", "").status())
                .isEqualTo(200);
        assertThat(gateway.admin("GET", "/admin/v1/services/other", "", "").status())
                .isEqualTo(404);

        Reply applied = apply(changed, "?prune=true");
        assertThat(applied.json().getJsonArray("changes"))
                .isEqualTo(shown.json().getJsonArray("changes"));
        assertThat(gateway.admin("GET", "/admin/v1/services/spare", "", "").status())
                .isEqualTo(404);
        assertThat(gateway.admin("GET", "/admin/v1/services/other", "", "").status())
                .isEqualTo(200);
    }

    @Test
    void whatIsExportedAppliesWithoutAChange() {
        String exported = gateway.admin("GET", "/admin/v1/export", "", "").text();
        assertThat(exported).contains("name: main", "caller-key").doesNotContain(GatewayUnderTest.KEY, "sk-provider");
        Reply again = apply(exported, "?prune=true");
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(gateway.admin("GET", "/admin/v1/export", "", "").text()).isEqualTo(exported);
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).status()).isEqualTo(200);
    }

    @Test
    void aDeclarationWithAProblemChangesNothing() {
        Reply refused = apply(
                declaration()
                        .replace("name: spare", "name: other")
                        .replace("targets: [ { service: main } ]", "targets: [ { service: gone } ]"),
                "");
        assertThat(refused.status()).isBetween(400, 499);
        assertThat(refused.text()).contains("gone");
        assertThat(gateway.admin("GET", "/admin/v1/services/other", "", "").status())
                .isEqualTo(404);
    }

    @Test
    void usageAndQuotasOutliveARestart() {
        Reply call = gateway.callAs("sk-poor-0123456789", CHAT, GatewayUnderTest.chat());
        assertThat(call.status()).isEqualTo(200);
        assertThat(gateway.record(call.id()).usage().totalTokens()).isEqualTo(9);
        assertThat(gateway.callAs("sk-poor-0123456789", CHAT, GatewayUnderTest.chat())
                        .status())
                .isEqualTo(429);
        JsonObject used = gateway.usage("apiKey,service,model");
        restart();
        assertThat(gateway.usage("apiKey,service,model")).isEqualTo(used);
        Reply refused = gateway.callAs("sk-poor-0123456789", CHAT, GatewayUnderTest.chat());
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().getString("code")).isEqualTo("insufficient_quota");
        assertThat(gateway.call(CHAT, GatewayUnderTest.chat()).status()).isEqualTo(200);
    }

    @Test
    void servesFromTheSavedSnapshotWhenTheDatabaseIsDamaged() throws Exception {
        gateway.close();
        Path database = folder.resolve("data/sluice.db");
        Files.deleteIfExists(folder.resolve("data/sluice.db-wal"));
        Files.write(
                database,
                "this is no database at all, whatever it was before"
                        .repeat(200)
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        gateway = GatewayUnderTest.start(folder, "");
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(before.journal().last().header("authorization")).contains("Bearer sk-provider-0123456789");
        Reply ready = gateway.admin("GET", "/readyz", "", "");
        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.text()).contains("serving from the saved snapshot");
        Reply change = gateway.admin("POST", "/admin/v1/apiKeys/caller-key/disable", "", "");
        assertThat(change.status()).isEqualTo(503);
    }

    private void restart() {
        gateway.close();
        gateway = GatewayUnderTest.start(folder, "");
    }

    private String versionOf(String path) {
        return gateway.admin("GET", path, "", "").header("etag");
    }

    private Reply apply(String yaml, String query) {
        return gateway.admin("POST", "/admin/v1/apply" + query, "application/yaml", yaml);
    }

    private String declaration() {
        return """
                providerKeys:
                  - { name: only, provider: openai-compatible, secret: sk-provider-0123456789 }
                services:
                  - { name: main, address: { url: "%1$s/v1" }, keys: [only] }
                  - { name: spare, address: { url: "%1$s/v1" } }
                modelApis:
                  - { name: main, distribution: { strategy: single, targets: [ { service: main } ] } }
                consumers:
                  - { name: caller, modelApis: [main] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                  - { name: poor, consumer: caller, secret: sk-poor-0123456789, quota: { tokensPerDay: 9 } }
                """.formatted(before.url(), GatewayUnderTest.KEY);
    }
}
