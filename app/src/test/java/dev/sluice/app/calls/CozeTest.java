package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.Rule;
import dev.sluice.simulator.Simulator;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is particular about a bot of Coze: pictures and numbers of errors. What it shares with other agents is tested with them. */
class CozeTest {
    private static final String CHAT = "/bot/v1/chat/completions";

    @TempDir
    static Path folder;

    private static EachService each;
    private static Simulator provider;
    private static GatewayUnderTest gateway;

    @BeforeAll
    static void start() {
        each = EachService.start(
                folder,
                "[/v1/chat/completions]",
                List.of("{ name: bot, kind: agent, provider: coze, protocol: native, address: { url: \"%s\" } }"));
        provider = each.provider();
        gateway = each.gateway();
    }

    @AfterAll
    static void stop() {
        each.close();
    }

    @AfterEach
    void forget() {
        provider.rules().clear();
    }

    @Test
    void showsPicturesByTheirAddress() {
        Reply reply = gateway.call(CHAT, """
                {"model":"m-1","messages":[{"role":"user","content":[{"type":"text","text":"What?"},
                  {"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]}
                """);
        assertThat(reply.text()).contains("Echo: What?");
        JsonObject message = provider.journal()
                .last()
                .json()
                .getJsonArray("additional_messages")
                .getJsonObject(0);
        assertThat(message.getString("content_type")).isEqualTo("object_string");
        assertThat(message.getString("content"))
                .isEqualTo(
                        "[{\"type\":\"text\",\"text\":\"What?\"},{\"type\":\"image\",\"file_url\":\"https://a.example/b.png\"}]");
    }

    @ParameterizedTest
    @CsvSource({
        "4000, Request parameter error, 400, upstream-refused",
        "4013, The limit is exceeded, 429, provider-rate-limited",
        "4100, The token you entered is incorrect, 502, provider-auth",
        "4101, The token does not have permission, 502, provider-auth",
        "4200, The bot does not exist, 404, upstream-model-not-found",
        "4200, The conversation does not exist, 404, conversation-not-found",
        "700012006, something of tomorrow, 502, upstream-error",
    })
    void errorsInsideASuccessAreTold(long code, String message, int status, String failure) {
        provider.rules().add(Rule.always("status=200;code=" + code + ";message=" + message));
        for (boolean stream : new boolean[] {false, true}) {
            Reply reply = gateway.call(CHAT, GatewayUnderTest.chat("m-1", stream));
            assertThat(gateway.record(reply.id()).failure()).isEqualTo(failure);
            assertThat(reply.status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "error=2;code=4013, provider-rate-limited",
        "error;code=4013, provider-rate-limited",
        "content-type=text/event-stream;body=event:conversation.chat.requires_action%0Adata:{}%0A%0A, upstream-refused",
    })
    void errorsInsideTheStreamAreTold(String fault, String failure) {
        provider.rules().add(Rule.always(fault));
        Reply reply = gateway.call(CHAT, GatewayUnderTest.chat("m-1", true));
        assertThat(gateway.record(reply.id()).failure()).isEqualTo(failure);
    }
}
