package dev.sluice.protocol.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSentEventTest {
    private final ServerSentEvent event = new ServerSentEvent();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "data: x~~|x|``",
                "data:x~~|x|``",
                "data:  x ~~| x |``",
                "data~~|``|``",
                "data:~~|``|``",
                "event: a~data: x~~|x|a",
                "data: x~event:a~~|x|a",
                "data: x~data: y~data~data: z~~|x~y~~z|``",
                ": data: no~id: 7~retry: 5~data: x~~|x|``",
                "data: x|x|``",
                "~data: x~~|x|``",
                "datax: no~data: x~~|x|``",
                "\uFEFFdata: x~~|x|``"
            })
    void readsNameAndData(String text, String data, String name) {
        for (String lineEnd : new String[] {"\n", "\r\n", "\r"}) {
            read(text.replace("~", lineEnd));
            assertThat(event.hasData()).isTrue();
            assertThat(data()).isEqualTo(data.replace('~', '\n'));
            assertThat(name()).isEqualTo(name);
        }
    }

    @Test
    void hasNoDataInCommentsAndBlankLines() {
        read(": keep-alive\n\n");
        assertThat(event.hasData()).isFalse();
        read("\n");
        assertThat(event.hasData()).isFalse();
        read("");
        assertThat(event.hasData()).isFalse();
    }

    @Test
    void forgetsTheEventBefore() {
        read("event: a\ndata: long\ndata: lines\n\n");
        read("data: x\ndata: y\n\n");
        assertThat(data()).isEqualTo("x\ny");
        assertThat(event.isJoined()).isTrue();
        read("data: z\n\n");
        assertThat(data()).isEqualTo("z");
        assertThat(name()).isEmpty();
        assertThat(event.isJoined()).isFalse();
    }

    @Test
    void doesNotCopyDataInOneLine() {
        byte[] bytes = "..data: x\n\n".getBytes(UTF_8);
        event.read(bytes, 2, bytes.length);
        assertThat(event.data()).isSameAs(bytes);
        assertThat(event.dataFrom()).isEqualTo(8);
    }

    private void read(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        event.read(bytes, 0, bytes.length);
    }

    private String data() {
        return new String(event.data(), event.dataFrom(), event.dataTo() - event.dataFrom(), UTF_8);
    }

    private String name() {
        return new String(event.bytes(), event.nameFrom(), event.nameTo() - event.nameFrom(), UTF_8);
    }
}
