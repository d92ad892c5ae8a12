package dev.sluice.simulator.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Frames as AWS's own codec writes them. */
class EventMessageTest {
    private static final String EVENT =
            "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c7461"
                    + "0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74"
                    + "7970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b22"
                    + "74657874223a224869227d7d1f944657";
    private static final String EXCEPTION =
            "0000008800000061de0175f40f3a657863657074696f6e2d747970650700137468726f74746c696e67457863"
                    + "657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573"
                    + "736167652d74797065070009657863657074696f6e7b226d657373616765223a22736c6f7720646f776e227d"
                    + "832ee072";

    private static String hex(Buffer bytes) {
        return HexFormat.of().formatHex(bytes.getBytes());
    }

    @Test
    void writesEvents() {
        EventMessage message =
                EventMessage.event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hi\"}}");
        assertThat(hex(message.bytes())).isEqualTo(EVENT);
        assertThat(EventMessage.read(message.bytes())).isEqualTo(message);
    }

    @Test
    void writesExceptions() {
        EventMessage message = EventMessage.exception("throttlingException", "{\"message\":\"slow down\"}");
        assertThat(hex(message.bytes())).isEqualTo(EXCEPTION);
    }
}
