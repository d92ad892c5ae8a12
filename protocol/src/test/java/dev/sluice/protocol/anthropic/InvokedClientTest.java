package dev.sluice.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.EventFrames;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is invoked at Bedrock as clients speak it. */
class InvokedClientTest {
    private static final ChatFormat INVOKED = Anthropic.onBedrock();

    private static Peek peek(String body) {
        return INVOKED.peek(body.getBytes(UTF_8), new Asked("m", true));
    }

    @Test
    void theModelAndTheWishToStreamAreInThePath() {
        assertThat(
                        peek(
                                "{\"messages\":[],\"max_tokens\":7,\"stream\":false,\"model\":\"x\",\"anthropic_version\":\"v\"}"))
                .isInstanceOfSatisfying(RequestHead.class, head -> {
                    assertThat(head.model()).isEqualTo("m");
                    assertThat(head.modelFrom()).isEqualTo(-1);
                    assertThat(head.stream()).isTrue();
                    assertThat(head.maxOutputTokens()).isEqualTo(7);
                });
    }

    @Test
    void bodiesOfOtherMakersAreRefused() {
        assertThat(peek("{\"inputText\":\"hi\"}"))
                .isInstanceOfSatisfying(
                        Peek.Malformed.class, wrong -> assertThat(wrong.param()).isEqualTo("anthropic_version"));
        assertThat(peek("[]")).isInstanceOf(Peek.Malformed.class);
    }

    @Test
    void errorsAndFramesAreThoseOfAws() {
        ClientError error = new ClientError(429, "t", "c", "slow down", null, List.of());
        assertThat(INVOKED.errorHeaders(error)).containsEntry("x-amzn-errortype", "ThrottlingException");
        assertThat(new String(INVOKED.errorBody(error), UTF_8)).startsWith("{\"message\":\"slow down\"");
        assertThat(new String(EventFrames.lines(INVOKED.errorEvent(error)), UTF_8))
                .startsWith("exception throttlingException {");
        assertThat(new String(EventFrames.events(INVOKED.endEvent()), UTF_8).strip())
                .isEqualTo("{\"type\":\"message_stop\"}");
    }
}
