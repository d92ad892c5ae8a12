package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.ReceivedCall;
import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Claude on Vertex AI and on Bedrock, and Azure's dated API: what reaches the wire, and what comes back. */
class HostedClaudeTest {
    private static final String ON_VERTEX = "claude-sonnet-4-5@20250929";
    private static final String ON_BEDROCK = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    /** As Claude Code says it: one header, of which the vendors know the last two. */
    private static final String BETAS =
            "claude-code-20250219,oauth-2025-04-20,interleaved-thinking-2025-05-14, context-management-2025-06-27";

    /** Which the simulator serves. */
    private static final String PICTURE = "/dashscope-product/dot.png";

    @TempDir
    static Path folder;

    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        provider = Simulator.start();
        gateway = GatewayUnderTest.start(folder, """
                providerKeys:
                  - { name: azure, provider: azure-openai, secret: azure-key-0123456789 }
                services:
                  - { name: vertex, provider: vertex-ai, protocol: native, address: { url: "%1$s" },
                      options: { projectId: p-1, region: us-east5 }, modelPolicy: { remoteMedia: { allowPrivateAddresses: true } } }
                  - { name: bedrock, provider: bedrock, protocol: native, address: { url: "%1$s" },
                      modelPolicy: { remoteMedia: { allowPrivateAddresses: true },
                        modelFamilies: { "arn:*:application-inference-profile/*": anthropic.claude-opus-4-7 } } }
                  - { name: refusing, provider: bedrock, protocol: native, address: { url: "%1$s" },
                      modelPolicy: { remoteMedia: { mode: refuse } } }
                  - { name: azure, provider: azure-openai, address: { url: "%1$s" }, keys: [azure],
                      options: { apiVersion: 2024-10-21 } }
                modelApis:
                  - { name: vertex, basePath: /vertex, routes: [/v1/messages, /v1/chat/completions],
                      distribution: { strategy: single, targets: [ { service: vertex } ] } }
                  - { name: bedrock, basePath: /bedrock, routes: [/v1/messages, /v1/chat/completions],
                      distribution: { strategy: single, targets: [ { service: bedrock } ] } }
                  - { name: refusing, basePath: /refusing, routes: [/v1/messages],
                      distribution: { strategy: single, targets: [ { service: refusing } ] } }
                  - { name: azure, basePath: /azure, routes: [/v1/messages, /v1/chat/completions],
                      distribution: { strategy: single, targets: [ { service: azure } ] } }
                consumers:
                  - { name: caller, modelApis: [vertex, bedrock, refusing, azure] }
                apiKeys:
                  - { name: caller-key, consumer: caller, secret: %2$s }
                """.formatted(provider.url(), GatewayUnderTest.KEY));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        provider.close();
    }

    @BeforeEach
    void freshen() {
        provider.journal().clear();
        provider.rules().clear();
    }

    private static String messages(String model, boolean stream) {
        return new JsonObject()
                .put("model", model)
                .put("max_tokens", 100)
                .put("stream", stream)
                .put("future_field", 1)
                .put("messages", JsonArray.of(JsonObject.of("role", "user", "content", "one two three")))
                .encode();
    }

    private static Reply ask(String api, String model, boolean stream) {
        return gateway.call("/" + api + "/v1/messages", messages(model, stream), "anthropic-beta", BETAS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientOfAnthropicReachesVertexWithItsOwnBody(boolean stream) {
        Reply reply = ask("vertex", ON_VERTEX, stream);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.text()).contains(stream ? "event: message_stop" : "Echo: one two three");
        ReceivedCall call = provider.journal().last();
        assertThat(call.path())
                .isEqualTo(
                        "/v1/projects/p-1/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5%4020250929:"
                                + (stream ? "streamRawPredict" : "rawPredict"));
        assertThat(call.json().fieldNames())
                .containsExactlyInAnyOrder("max_tokens", "stream", "future_field", "messages", "anthropic_version");
        assertThat(call.json().getString("anthropic_version")).isEqualTo("vertex-2023-10-16");
        assertThat(call.header("anthropic-beta"))
                .contains("interleaved-thinking-2025-05-14,context-management-2025-06-27");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientOfAnthropicReachesBedrockWithItsOwnBody(boolean stream) {
        Reply reply = ask("bedrock", ON_BEDROCK, stream);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.text()).contains(stream ? "event: message_stop" : "Echo: one two three");
        ReceivedCall call = provider.journal().last();
        assertThat(call.path()).endsWith("-v1%3A0/" + (stream ? "invoke-with-response-stream" : "invoke"));
        assertThat(call.json().fieldNames())
                .containsExactlyInAnyOrder(
                        "max_tokens", "future_field", "messages", "anthropic_version", "anthropic_beta");
        assertThat(call.json().getJsonArray("anthropic_beta"))
                .isEqualTo(JsonArray.of("interleaved-thinking-2025-05-14", "context-management-2025-06-27"));
        assertThat(call.header("anthropic-beta")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"vertex,:rawPredict", "bedrock,/invoke"})
    void otherClientsReachClaudeAsTheVendorServesItBest(String api, String end) {
        String model = api.equals("vertex") ? ON_VERTEX : ON_BEDROCK;
        Reply whole = gateway.call("/" + api + "/v1/chat/completions", GatewayUnderTest.chat(model, false));
        assertThat(whole.text()).contains("\"finish_reason\":\"stop\"");
        assertThat(provider.journal().last().path()).endsWith(end);
        assertThat(usage(whole)).isPositive();
        Reply streamed = gateway.call("/" + api + "/v1/chat/completions", GatewayUnderTest.chat(model, true));
        assertThat(streamed.text()).contains("\"finish_reason\":\"stop\"", "data: [DONE]");
    }

    private static int usage(Reply reply) {
        return reply.json().getJsonObject("usage").getInteger("completion_tokens");
    }

    @Test
    void otherClientsKeepTheRulesOfClaudesGenerationsOnBedrock() {
        JsonObject request = new JsonObject(GatewayUnderTest.chat("global.anthropic.claude-opus-4-7", false))
                .put("temperature", 0.5)
                .put("reasoning_effort", "xhigh");
        assertThat(gateway.call("/bedrock/v1/chat/completions", request.encode())
                        .status())
                .isEqualTo(200);
        JsonObject sent = provider.journal().last().json();
        assertThat(sent.fieldNames())
                .containsExactlyInAnyOrder("max_tokens", "messages", "thinking", "output_config", "anthropic_version");
        assertThat(sent.getJsonObject("thinking")).isEqualTo(JsonObject.of("type", "adaptive"));
    }

    @Test
    void aProfileThatDoesNotNameItsModelIsCalledAsTheFamilyThatIsDeclared() {
        String profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc";
        JsonObject request = new JsonObject(GatewayUnderTest.chat(profile, false)).put("temperature", 0.5);
        Reply reply = gateway.call("/bedrock/v1/chat/completions", request.encode());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        ReceivedCall call = provider.journal().last();
        assertThat(call.path())
                .isEqualTo("/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3A"
                        + "application-inference-profile%2Fabc/invoke");
        assertThat(call.json().fieldNames()).containsExactlyInAnyOrder("max_tokens", "messages", "anthropic_version");
        ask("bedrock", profile, false);
        assertThat(provider.journal().last().path()).endsWith("%2Fabc/invoke");
    }

    @Test
    void aDocumentThatOnlyConverseHasGoesByConverse() {
        String sheet = "data:application/vnd.ms-excel;base64,AAAA";
        JsonArray parts = JsonArray.of(
                JsonObject.of("type", "file", "file", JsonObject.of("filename", "a.xls", "file_data", sheet)),
                JsonObject.of("type", "text", "text", "one two three"));
        JsonObject request = JsonObject.of(
                "model", ON_BEDROCK, "messages", JsonArray.of(JsonObject.of("role", "user", "content", parts)));
        Reply reply = gateway.call("/bedrock/v1/chat/completions", request.encode());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(provider.journal().last().path()).endsWith("/converse");
        Reply refused =
                gateway.call("/bedrock/v1/chat/completions", request.encode().replace("vnd.ms-excel", "zip"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("Anthropic's protocol takes documents as PDF and text only");
    }

    @ParameterizedTest
    @CsvSource({
        "vertex,/v1/messages",
        "vertex,/v1/chat/completions",
        "bedrock,/v1/messages",
        "bedrock,/v1/chat/completions"
    })
    void whatIsNamedByUrlGoesWithinTheRequest(String api, String path) {
        String model = api.equals("vertex") ? ON_VERTEX : ON_BEDROCK;
        Reply reply = gateway.call("/" + api + path, seeing(model, path.endsWith("messages")));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        JsonObject source = provider.journal()
                .last()
                .json()
                .getJsonArray("messages")
                .getJsonObject(0)
                .getJsonArray("content")
                .getJsonObject(0)
                .getJsonObject("source");
        assertThat(source.getString("type")).isEqualTo("base64");
        assertThat(source.getString("media_type")).isEqualTo("image/png");
        assertThat(Base64.getDecoder().decode(source.getString("data"))).startsWith(0x89, 'P', 'N', 'G');
    }

    @Test
    void anOperatorMayRefuseWhatIsNamedByUrl() {
        Reply reply = gateway.call("/refusing/v1/messages", seeing(ON_BEDROCK, true));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("messages[0].content[0].source", "takes no images and documents by URL");
        assertThat(provider.journal().size()).isZero();
    }

    private static String seeing(String model, boolean anthropic) {
        String url = provider.url() + PICTURE;
        JsonObject image = anthropic
                ? JsonObject.of("type", "image", "source", JsonObject.of("type", "url", "url", url))
                : JsonObject.of("type", "image_url", "image_url", JsonObject.of("url", url));
        JsonArray parts = JsonArray.of(image, JsonObject.of("type", "text", "text", "one two three"));
        return JsonObject.of("model", model, "max_tokens", 100)
                .put("messages", JsonArray.of(JsonObject.of("role", "user", "content", parts)))
                .encode();
    }

    @Test
    void otherModelsOfTheVendorsGoTheOtherWay() {
        ask("vertex", "gemini-2.5-flash", false);
        assertThat(provider.journal().last().path())
                .endsWith("/publishers/google/models/gemini-2.5-flash:generateContent");
        ask("bedrock", "amazon.nova-lite-v1:0", false);
        assertThat(provider.journal().last().path()).endsWith("/converse");
    }

    @Test
    void anExceptionInAFrameEndsTheClientsStreamWithAnError() {
        provider.rules().add(Rule.always("error=4;message=overloaded"));
        Reply reply = ask("bedrock", ON_BEDROCK, true);
        assertThat(reply.text()).contains("event: error").doesNotContain("message_stop");
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions,false", "/v1/chat/completions,true", "/v1/messages,false"})
    void azuresDatedApiHasTheDeploymentInThePath(String path, boolean stream) {
        String body = path.endsWith("messages") ? messages("gpt-4o", stream) : GatewayUnderTest.chat("gpt-4o", stream);
        Reply reply = gateway.call("/azure" + path, body.replace(",\"future_field\":1", ""));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        ReceivedCall call = provider.journal().last();
        assertThat(call.path() + "?" + call.query())
                .isEqualTo("/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21");
        assertThat(call.header("api-key")).contains("azure-key-0123456789");
        assertThat(call.header("authorization")).isEmpty();
    }
}
