package dev.sluice.protocol.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventSplitterTest {
    @Test
    void cutsBehindBlankLines() {
        assertThat(whole("data: a\n\ndata: b\r\n\r\ndata: c\r\rrest"))
                .containsExactly("data: a\n\n", "data: b\r\n\r\n", "data: c\r\r", "rest");
    }

    @Test
    void handsOverBlankLinesOfTheirOwn() {
        assertThat(whole("\n\r\ndata: a\n\n\n")).containsExactly("\n", "\r\n", "data: a\n\n", "\n");
    }

    @Test
    void doesNotCutWithinAPairOfLineEnds() {
        List<String> events = new ArrayList<>();
        EventSplitter splitter = new EventSplitter(100);
        for (String chunk : List.of("data: a\r", "\n\r", "\ndata: b\r\n", "\r\n")) feed(splitter, chunk, events);
        assertThat(events).containsExactly("data: a\r\n\r\n", "data: b\r\n\r\n");
        assertThat(splitter.pending()).isZero();
    }

    @Test
    void doesNotHoldUpAStreamOfBareCarriageReturns() {
        List<String> events = new ArrayList<>();
        EventSplitter splitter = new EventSplitter(100);
        feed(splitter, "data: a\r\r", events);
        assertThat(events).containsExactly("data: a\r\r");
        feed(splitter, "data: b\r\r", events);
        assertThat(events).containsExactly("data: a\r\r", "data: b\r\r");
        assertThat(splitter.pending()).isZero();
    }

    @Test
    void doesNotCopyAnEventThatLiesWholeInAChunk() {
        byte[] chunk = "data: a\n\ndata: b\n\nda".getBytes(UTF_8);
        List<byte[]> arrays = new ArrayList<>();
        EventSplitter splitter = new EventSplitter(100);
        splitter.feed(chunk, 0, chunk.length, (bytes, from, to) -> arrays.add(bytes));
        assertThat(arrays).hasSize(2).allMatch(array -> array == chunk);
        assertThat(splitter.pending()).isEqualTo(2);
    }

    @Test
    void readsOnlyTheGivenRange() {
        byte[] chunk = "\n\ndata: a\n\n\n\n".getBytes(UTF_8);
        List<String> events = new ArrayList<>();
        new EventSplitter(100)
                .feed(chunk, 2, 11, (bytes, from, to) -> events.add(new String(bytes, from, to - from, UTF_8)));
        assertThat(events).containsExactly("data: a\n\n");
    }

    @Test
    void refusesAnEventThatIsTooLongWholeOrInPieces() {
        String limit = "data: 6789\n\n";
        List<String> events = new ArrayList<>();
        assertThat(feed(new EventSplitter(12), limit, events)).isTrue();
        assertThat(feed(new EventSplitter(11), limit, events)).isFalse();
        assertThat(events).containsExactly(limit);

        EventSplitter splitter = new EventSplitter(11);
        assertThat(feed(splitter, "data: 6789", events)).isTrue();
        assertThat(feed(splitter, "\n", events)).isTrue();
        assertThat(feed(splitter, "\n", events)).isFalse();
        assertThat(splitter.pending()).isZero();
        assertThat(feed(splitter, "\n\ndata: a\n\n", events)).isFalse();
        assertThat(events).containsExactly(limit);
    }

    @Test
    void refusesALineThatNeverEnds() {
        EventSplitter splitter = new EventSplitter(1 << 20);
        String chunk = "x".repeat(1 << 16);
        for (int i = 0; i < 16; i++)
            assertThat(feed(splitter, chunk, new ArrayList<>())).isTrue();
        assertThat(feed(splitter, "x", new ArrayList<>())).isFalse();
    }

    @Test
    void keepsNothingOfWhiteSpaceAtTheEnd() {
        assertThat(whole("data: a\n\n \n")).containsExactly("data: a\n\n");
        assertThat(whole("data: a\n")).containsExactly("data: a\n");
    }

    @Test
    void refusesANonsensicalLimit() {
        assertThatThrownBy(() -> new EventSplitter(0)).hasMessage("maxEventBytes: 0 (expected: >= 1)");
    }

    private static List<String> whole(String stream) {
        List<String> events = new ArrayList<>();
        EventSplitter splitter = new EventSplitter(10_000);
        assertThat(feed(splitter, stream, events)).isTrue();
        splitter.end(sink(events));
        return events;
    }

    private static boolean feed(EventSplitter splitter, String chunk, List<String> events) {
        byte[] bytes = chunk.getBytes(UTF_8);
        return splitter.feed(bytes, 0, bytes.length, sink(events));
    }

    private static EventSplitter.Sink sink(List<String> events) {
        return (bytes, from, to) -> events.add(new String(bytes, from, to - from, UTF_8));
    }
}
