package dev.sluice.upstreams.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntraApplicationTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String WITH_SECRET = """
            {
              "clientId": "c-1", "clientSecret": "s~/+ 1", "tenantId": "t-1", "subscriptionId": "unused"
            }""";

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private static Account parsed(String json) {
        Account account = Account.parse(json, null);
        assertThat(account).as(json).isInstanceOf(EntraApplication.class);
        return account;
    }

    private String form(Account account) throws Exception {
        Future<String> form = account.tokenRequest(vertx, NOW);
        return form.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void asksItsTenantForATokenForAzuresModels() throws Exception {
        Account application = parsed(WITH_SECRET);
        assertThat(application.tokenUri()).isEqualTo("https://login.microsoftonline.com/t-1/oauth2/v2.0/token");
        assertThat(form(application))
                .isEqualTo("grant_type=client_credentials&client_id=c-1"
                        + "&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default&client_secret=s%7E%2F%2B+1");
        assertThat(application.toString()).contains("c-1").doesNotContain("s~");
    }

    @Test
    void otherCloudsHaveOtherAddressesAndOtherServicesOtherScopes() throws Exception {
        Account application = parsed(
                "{\"clientId\":\"c\",\"clientSecret\":\"s\",\"tenantId\":\"contoso.us\","
                        + "\"activeDirectoryEndpointUrl\":\"https://login.microsoftonline.us/\",\"scope\":\"https://ai.azure.us/.default\"}");
        assertThat(application.tokenUri()).isEqualTo("https://login.microsoftonline.us/contoso.us/oauth2/v2.0/token");
        assertThat(form(application)).contains("&scope=https%3A%2F%2Fai.azure.us%2F.default&");
    }

    @Test
    void theTokenOfAWorkloadTakesThePlaceOfTheSecretAndIsReadAnewEachTime() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "a.b.c\n");
        Account workload = parsed("{\"clientId\":\"c\",\"tenantId\":\"t\",\"federatedTokenFile\":\""
                + file.toString().replace('\\', '/') + "\"}");
        String begin = "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                + "&client_assertion=";
        assertThat(form(workload)).endsWith(begin + "a.b.c").doesNotContain("client_secret");
        Files.writeString(file, "d.e.f");
        assertThat(form(workload)).endsWith(begin + "d.e.f");
        Files.delete(file);
        assertThatThrownBy(() -> form(workload))
                .rootCause()
                .isInstanceOf(CredentialException.class)
                .hasMessage("the token file of the Entra application cannot be read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"clientId\":\"c\",\"tenantId\":\"t\"}",
                "{\"clientId\":\"c\",\"clientSecret\":\"s\"}",
                "{\"tenantId\":\"t\",\"clientSecret\":\"s\"}",
                "{\"clientId\":\"c\",\"clientSecret\":\"s\",\"tenantId\":\"t/../u\"}",
                "{\"clientId\":\"c\""
            })
    void anIncompleteOneIsNone(String json) {
        assertThat(Account.parse(json, null)).isNull();
    }
}
