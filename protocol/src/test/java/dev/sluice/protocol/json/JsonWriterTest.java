package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonWriterTest {
    @Test
    void escapesWhatJsonDoesNotTakeAsItIs() {
        assertThat(written("a\"b\\c\n\r\t\u0000\u001f\u007f/é漢😀"))
                .isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f\\u007f/é漢😀\"");
        assertThat(written("")).isEqualTo("\"\"");
        assertThat(written(null)).isEqualTo("null");
    }

    @Test
    void escapesHalfASurrogatePairWhereverItStands() {
        assertThat(written("\ud83d")).isEqualTo("\"\\ud83d\"");
        assertThat(written("?\ud83d?\n")).isEqualTo("\"?\\ud83d?\\n\"");
        assertThat(written("é\ude00\ud83d😀?")).isEqualTo("\"é\\ude00\\ud83d😀?\"");
    }

    @Test
    void leavesQuestionMarksAlone() {
        assertThat(written("why? 😀 ?\t?")).isEqualTo("\"why? 😀 ?\\t?\"");
    }

    @Test
    void growsAsMuchAsIsNeeded() {
        String text = "ab\n".repeat(10_000);
        assertThat(new JsonWriter()
                        .raw("[")
                        .string(text)
                        .raw(",")
                        .number(7)
                        .raw("]")
                        .toBytes())
                .isEqualTo(("[\"" + "ab\\n".repeat(10_000) + "\",7]").getBytes(UTF_8));
    }

    private static String written(String text) {
        return new String(new JsonWriter().string(text).toBytes(), UTF_8);
    }
}
