package dev.sluice.protocol.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class EventSplitterPropertyTest {
    private static final String[] PIECES = {
        "data: x",
        "data: {\"a\":1}",
        "event: e",
        ": comment",
        "a",
        "data",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\r\n\r\n",
        "\r\r",
        "é",
        "long enough to be read in words of eight bytes"
    };

    @Property(tries = 3000)
    void cutsAtTheSamePlacesWhateverTheChunks(
            @ForAll @Size(max = 30) List<@IntRange(max = 13) Integer> pieces,
            @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 20) Integer> chunks) {
        StringBuilder stream = new StringBuilder();
        for (int piece : pieces) stream.append(PIECES[piece]);
        byte[] bytes = stream.toString().getBytes(UTF_8);

        List<String> events = new ArrayList<>();
        EventSplitter splitter = new EventSplitter(10_000);
        int at = 0;
        int delivered = 0;
        for (int i = 0; at < bytes.length; i++) {
            int size = i < chunks.size() ? Math.min(chunks.get(i), bytes.length - at) : bytes.length - at;
            // Each chunk in an array of its own, filled with line ends around: reading outside would show.
            byte[] chunk = new byte[size + 4];
            Arrays.fill(chunk, (byte) '\n');
            System.arraycopy(bytes, at, chunk, 2, size);
            int before = events.size();
            splitter.feed(chunk, 2, 2 + size, sink(events));
            at += size;
            for (String event : events.subList(before, events.size())) delivered += event.getBytes(UTF_8).length;
            assertThat(splitter.pending()).isEqualTo(at - delivered);
        }
        splitter.end(sink(events));

        assertThat(events).isEqualTo(whole(stream.toString()));
        assertThat(stream.toString()).startsWith(String.join("", events));
        assertThat(stream.substring(String.join("", events).length())).isBlank();
    }

    @Property(tries = 1000)
    void findsTheEventsThatTheLinesSay(@ForAll @Size(max = 20) List<@IntRange(max = 13) Integer> pieces) {
        StringBuilder stream = new StringBuilder();
        for (int piece : pieces) stream.append(PIECES[piece]);
        List<String> expected = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (String line : stream.toString().split("\r\n|\n|\r", -1)) {
            if (line.isEmpty() && !lines.isEmpty()) {
                expected.add(lines.toString());
                lines.setLength(0);
            } else if (!line.isEmpty()) {
                lines.append(line).append('|');
            }
        }
        if (!lines.isEmpty()) expected.add(lines.toString());

        List<String> found = new ArrayList<>();
        for (String event : whole(stream.toString())) {
            String text =
                    event.replaceAll("^\n", "").replaceAll("(\r\n|\n|\r)+$", "").replaceAll("\r\n|\n|\r", "|");
            if (!text.isEmpty()) found.add(text + "|");
        }
        assertThat(found).isEqualTo(expected);
    }

    private static List<String> whole(String stream) {
        List<String> events = new ArrayList<>();
        EventSplitter splitter = new EventSplitter(10_000);
        byte[] bytes = stream.getBytes(UTF_8);
        assertThat(splitter.feed(bytes, 0, bytes.length, sink(events))).isTrue();
        splitter.end(sink(events));
        return events;
    }

    private static EventSplitter.Sink sink(List<String> events) {
        return (bytes, from, to) -> events.add(new String(bytes, from, to - from, UTF_8));
    }
}
