package dev.sluice.bench.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\ntransfer-encoding: Chunked\r\n\r\n"
                    + "c\r\ndata: {\"a\":1\r\n"
                    + "5;note=x\r\n}\n\nda\r\n"
                    + "1D\r\nta: {}\r\n\r\n: ping\n\ndata: [DONE\r\n"
                    + "3\r\n]\n\n\r\n"
                    + "0\r\nX-Trailer: 1\r\n\r\n";

    private final AnswerReader reader = new AnswerReader();

    @Test
    void readsAWholeAnswer() {
        read("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 5\r\nConnection: close\r\n\r\nslow!");

        assertThat(reader.isComplete()).isTrue();
        assertThat(reader.status()).isEqualTo(429);
        assertThat(reader.isClosing()).isTrue();
        assertThat(reader.bodyBytes()).isEqualTo(5);
        assertThat(reader.describe()).contains("429").contains("slow!");
    }

    @Property
    void countsTheSameEventsHoweverTheBytesAreCut(@ForAll @IntRange(min = 1, max = 200) int piece) {
        AnswerReader cut = new AnswerReader();
        byte[] bytes = STREAM.getBytes(UTF_8);
        for (int at = 0; at < bytes.length; at += piece) cut.read(bytes, at, Math.min(bytes.length, at + piece));

        assertThat(cut.isComplete()).isTrue();
        assertThat(cut.events()).isEqualTo(3);
        assertThat(cut.sawDone()).isTrue();
    }

    @Test
    void doesNotTakeTextThatLooksLikeTheEndForTheEnd() {
        read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\ndata: [DONE] not\n\n\r\n0\r\n\r\n");

        assertThat(reader.sawDone()).isFalse();
        assertThat(reader.events()).isEqualTo(1);
    }

    @Test
    void stopsBehindTheAnswer() {
        byte[] two = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1".getBytes(UTF_8);

        assertThat(reader.read(two, 0, two.length)).isEqualTo(two.length - 8);
    }

    @Test
    void isBrokenWhenTheConnectionEndsWithinABody() {
        read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort");
        reader.close();

        assertThat(reader.isBroken()).isTrue();
        assertThat(reader.isComplete()).isFalse();
    }

    @Test
    void takesTheEndOfTheConnectionAsTheEndOfABodyOfUnknownLength() {
        read("HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n");
        assertThat(reader.isComplete()).isFalse();
        reader.close();

        assertThat(reader.isComplete()).isTrue();
        assertThat(reader.events()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNotHttpOrNotAChunk() {
        read("SSH-2.0-OpenSSH_9.2 and some more\r\n\r\n");
        assertThat(reader.isBroken()).isTrue();

        reader.reset();
        read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
        assertThat(reader.isBroken()).isTrue();
    }

    @Test
    void knowsNothingOfTheLastAnswerAfterAReset() {
        read(STREAM);
        reader.reset();
        read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

        assertThat(reader.isComplete()).isTrue();
        assertThat(reader.events()).isZero();
        assertThat(reader.sawDone()).isFalse();
    }

    private void read(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        reader.read(bytes, 0, bytes.length);
    }
}
