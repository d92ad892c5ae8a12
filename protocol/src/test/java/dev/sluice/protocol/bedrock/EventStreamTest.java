package dev.sluice.protocol.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.StreamDecoder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames made with AWS's own codec for JavaScript. */
class EventStreamTest {
    private static final byte[] EVENT = HexFormat.of()
            .parseHex("0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c7461"
                    + "0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74"
                    + "7970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b22"
                    + "74657874223a224869227d7d1f944657");
    private static final byte[] EXCEPTION = HexFormat.of()
            .parseHex("0000008800000061de0175f40f3a657863657074696f6e2d747970650700137468726f74746c696e67457863"
                    + "657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573"
                    + "736167652d74797065070009657863657074696f6e7b226d657373616765223a22736c6f7720646f776e227d"
                    + "832ee072");

    @Test
    void readsAnEvent() {
        assertThat(events(EVENT)).contains(new ChatEvent.TextDelta("Hi"));
    }

    @Test
    void anExceptionInTheStreamIsAFailureWithItsType() {
        List<ChatEvent> events = events(EXCEPTION);
        assertThat(events).hasSize(1);
        ChatEvent.Failed failed = (ChatEvent.Failed) events.getFirst();
        assertThat(failed.error().code()).isEqualTo("ThrottlingException");
        assertThat(failed.error().message()).isEqualTo("slow down");
    }

    @Test
    void refusesAFrameWithAnyByteChanged() {
        for (int i = 0; i < EVENT.length; i++) {
            byte[] damaged = EVENT.clone();
            damaged[i] ^= 1;
            List<ChatEvent> events = events(damaged);
            assertThat(events).as("byte %d", i).doesNotContain(new ChatEvent.TextDelta("Hi"));
        }
    }

    @Test
    void theSameEventsHoweverTheBytesAreCut() {
        for (int cut = 1; cut < EVENT.length; cut++) {
            List<ChatEvent> events = new ArrayList<>();
            StreamDecoder decoder = Bedrock.converse().decoder(1 << 20);
            decoder.feed(EVENT, 0, cut, events::add);
            decoder.feed(EVENT, cut, EVENT.length, events::add);
            assertThat(events).as("cut at %d", cut).isEqualTo(events(EVENT));
        }
    }

    @Test
    void refusesALongerMessageThanAllowedBeforeItIsThere() {
        List<ChatEvent> events = new ArrayList<>();
        StreamDecoder decoder = Bedrock.converse().decoder(100);
        decoder.feed(EVENT, 0, 12, events::add);
        assertThat(events).hasSize(1).allMatch(ChatEvent.Failed.class::isInstance);
    }

    private static List<ChatEvent> events(byte[] bytes) {
        List<ChatEvent> events = new ArrayList<>();
        Bedrock.converse().decoder(1 << 20).feed(bytes, 0, bytes.length, events::add);
        return events;
    }
}
