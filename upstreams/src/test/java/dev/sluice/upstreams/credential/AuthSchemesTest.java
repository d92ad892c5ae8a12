package dev.sluice.upstreams.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthSchemesTest {
    private static final String ACCESS_KEY = "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private final Vertx vertx = Vertx.vertx();
    private final Credentials credentials =
            new Credentials(vertx, () -> Instant.parse("2026-01-02T03:04:05Z"), _ -> false, null);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private OutgoingCall authorised(String service, String host, String secret, String... headers) {
        OutgoingCall call = Calls.call(service, "POST", host, "/v1/messages", new byte[0]);
        for (int i = 0; i < headers.length; i += 2) call.headers().set(headers[i], headers[i + 1]);
        assertThat(credentials.authorise(call, secret)).isNull();
        return call;
    }

    @Test
    void anOAuthTokenTakesThePlaceOfTheKeyAndTheClientSpeaksForItself() {
        String oauth = "provider: anthropic, protocol: native, options: { oauthToken: true }";
        OutgoingCall bare = authorised(oauth, "api.anthropic.com", "oat-1");
        assertThat(bare.headers().get("authorization")).isEqualTo("Bearer oat-1");
        assertThat(bare.headers().get("x-api-key")).isNull();
        assertThat(bare.headers().get("anthropic-beta")).isEqualTo("oauth-2025-04-20");
        assertThat(bare.headers().get("user-agent")).isNull();
        OutgoingCall own = authorised(
                oauth, "api.anthropic.com", "oat-1", "anthropic-beta", "files-1", "user-agent", "mine", "x-app", "cli");
        assertThat(own.headers().get("anthropic-beta")).isEqualTo("files-1,oauth-2025-04-20");
        assertThat(own.headers().get("user-agent")).isEqualTo("mine");
        assertThat(own.headers().get("x-app")).isEqualTo("cli");
    }

    @Test
    void mantleIsSignedForByItsOwnName() {
        String mantle = "provider: bedrock, protocol: native, options: { endpointMode: mantle, region: eu-west-1 }";
        assertThat(authorised(mantle, "bedrock-mantle.eu-west-1.api.aws", ACCESS_KEY)
                        .headers()
                        .get("authorization"))
                .contains("Credential=AKIDEXAMPLE/20260102/eu-west-1/bedrock-mantle/aws4_request");
    }

    @Test
    void theRegionIsReadFromTheHostWhereNoneIsDeclared() {
        assertThat(authorised(
                                "provider: bedrock, protocol: native",
                                "bedrock-runtime.ap-south-1.amazonaws.com",
                                ACCESS_KEY)
                        .headers()
                        .get("authorization"))
                .contains("/ap-south-1/bedrock/aws4_request");
    }

    @Test
    void azuresKeysGoWhereEachProtocolHasThem() {
        String azure = "provider: azure-openai, address: { url: \"https://res.openai.azure.com\" }";
        OutgoingCall key = authorised(azure, "res.openai.azure.com", "k-1");
        assertThat(key.headers().get("api-key")).isEqualTo("k-1");
        assertThat(key.headers().get("authorization")).isNull();
        String claude = "provider: foundry, protocol: native, address: { url: \"https://res.services.ai.azure.com\" }";
        assertThat(authorised(claude, "res.services.ai.azure.com", "k-1")
                        .headers()
                        .get("x-api-key"))
                .isEqualTo("k-1");
    }

    @Test
    void jsonThatIsNoAccountIsNotSentAsAKey() {
        for (String service : List.of(
                "provider: azure-openai, address: { url: \"https://res.openai.azure.com\" }",
                "provider: vertex-ai, protocol: native")) {
            OutgoingCall call = Calls.call(service, "POST", "host", "/", new byte[0]);
            Future<Void> outcome = credentials.authorise(call, "{\"clientId\":\"c\",\"clientSecret\":\"hush\"}");
            assertThat(outcome).isNotNull();
            assertThat(outcome.cause())
                    .isInstanceOf(CredentialException.class)
                    .hasMessageContaining("tenantId")
                    .hasMessageNotContaining("hush");
            assertThat(call.headers().toString()).doesNotContain("hush");
        }
    }
}
