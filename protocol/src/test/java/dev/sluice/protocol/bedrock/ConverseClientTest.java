package dev.sluice.protocol.bedrock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.EventFrames;
import dev.sluice.protocol.eventstream.EventMessage;
import dev.sluice.protocol.sse.Splitter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Converse as clients speak it. */
class ConverseClientTest {
    private static final ChatFormat CONVERSE = Bedrock.converse();
    private static final byte[] TWO_MESSAGES = EventFrames.of(
            "event messageStart {\"role\":\"assistant\"}\nevent messageStop {\"stopReason\":\"end_turn\"}"
                    .getBytes(UTF_8));

    private static ClientError error(int status) {
        return new ClientError(status, "t", "c", "slow down", null, List.of());
    }

    @Test
    void theModelIsInThePathAndTheLimitInTheBody() {
        Peek peek = CONVERSE.peek(
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}],\"inferenceConfig\":{\"maxTokens\":7}}"
                        .getBytes(UTF_8),
                new Asked("m", true));
        assertThat(peek).isInstanceOfSatisfying(RequestHead.class, head -> {
            assertThat(head.model()).isEqualTo("m");
            assertThat(head.stream()).isTrue();
            assertThat(head.maxOutputTokens()).isEqualTo(7);
        });
    }

    @Test
    void writesTheFramesOfAws() {
        byte[] frame = EventMessage.exception(
                "throttlingException",
                dev.sluice.protocol.json.Json.object()
                        .put("message", "slow down")
                        .build());
        assertThat(HexFormat.of().formatHex(frame))
                .isEqualTo("0000008800000061de0175f40f3a657863657074696f6e2d747970650700137468726f74746c696e67457863"
                        + "657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573"
                        + "736167652d74797065070009657863657074696f6e7b226d657373616765223a22736c6f7720646f776e227d"
                        + "832ee072");
    }

    @Test
    void tellsErrorsInTheHeadAndInFrames() {
        assertThat(CONVERSE.errorHeaders(error(429))).containsEntry("x-amzn-errortype", "ThrottlingException");
        assertThat(CONVERSE.errorHeaders(error(400))).containsEntry("x-amzn-errortype", "ValidationException");
        assertThat(new String(CONVERSE.errorBody(error(429)), UTF_8)).startsWith("{\"message\":\"slow down\"");
        assertThat(new String(EventFrames.lines(CONVERSE.errorEvent(error(502))), UTF_8))
                .startsWith("exception modelStreamErrorException {\"message\":\"slow down\"");
    }

    @Test
    void aCallWaitsUntilTheOneBeforeIsWhole() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        var encoder = CONVERSE.encoder(new ChatFormat.ClientView("m", true, "1", 1));
        encoder.write(new ChatEvent.ToolCallStarted(0, "a", "f", null), out);
        encoder.write(new ChatEvent.ToolCallStarted(1, "b", "g", null), out);
        encoder.write(new ChatEvent.ToolCallDelta(1, "{}"), out);
        encoder.write(new ChatEvent.ToolCallDelta(0, "{\"x\":1}"), out);
        encoder.write(new ChatEvent.Ended(), out);
        assertThat(new String(EventFrames.lines(out.toByteArray()), UTF_8)
                        .lines()
                        .map(l -> l.split(" ", 3)[1]))
                .containsExactly(
                        "contentBlockStart",
                        "contentBlockDelta",
                        "contentBlockStop",
                        "contentBlockStart",
                        "contentBlockDelta",
                        "contentBlockStop",
                        "messageStop",
                        "metadata");
    }

    @Test
    void streamsAreCutIntoMessagesHoweverTheyArrive() {
        for (int piece = 1; piece <= TWO_MESSAGES.length; piece++) {
            List<byte[]> found = new ArrayList<>();
            Splitter splitter = CONVERSE.splitter(1 << 16);
            for (int from = 0; from < TWO_MESSAGES.length; from += piece) {
                byte[] chunk = Arrays.copyOfRange(TWO_MESSAGES, from, Math.min(TWO_MESSAGES.length, from + piece));
                assertThat(splitter.feed(
                                chunk, 0, chunk.length, (bytes, a, b) -> found.add(Arrays.copyOfRange(bytes, a, b))))
                        .isTrue();
            }
            assertThat(found).as("pieces of %d bytes", piece).hasSize(2);
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            found.forEach(joined::writeBytes);
            assertThat(joined.toByteArray()).isEqualTo(TWO_MESSAGES);
        }
    }

    @Test
    void aMessageThatIsTooLongEndsTheStream() {
        Splitter splitter = CONVERSE.splitter(32);
        assertThat(splitter.feed(TWO_MESSAGES, 0, TWO_MESSAGES.length, (_, _, _) -> {}))
                .isFalse();
        assertThat(splitter.feed(TWO_MESSAGES, 0, 1, (_, _, _) -> {})).isFalse();
    }
}
