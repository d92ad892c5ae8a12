package dev.sluice.protocol.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of these tests are {@code MODEL INPUT OUTPUT}, or {@code failed}. */
class ResultLinesTest {
    private static @Nullable ResultLine line(byte[] bytes, int from, int to) {
        String[] words = new String(bytes, from, to - from, UTF_8).strip().split(" ", -1);
        if (words[0].equals("failed")) return new ResultLine("", null);
        return words.length == 3
                ? new ResultLine(words[0], Usage.of(Long.parseLong(words[1]), Long.parseLong(words[2])))
                : null;
    }

    private static ResultLines read(String text, int size, int longest) {
        ResultLines lines = new ResultLines(ResultLinesTest::line, longest);
        byte[] bytes = text.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i += size)
            lines.feed(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
        return lines;
    }

    private static JobUsage job(String model, long input, long output, boolean complete) {
        return new JobUsage("j", model, Usage.of(input, output), Units.NONE, complete);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1_000})
    void sumsUpByModelHoweverTheBytesAreCut(int size) {
        String text = "a 1 2\nb 10 20\n\r\nfailed\na 3 4";
        assertThat(read(text, size, 100).byModel("j")).containsExactly(job("a", 4, 6, true), job("b", 10, 20, true));
        assertThat(read(text, size, 100).inAll("j")).containsExactly(job("a", 14, 26, true));
    }

    @Test
    void whatDoesNotBeginWithAResultIsNone() {
        assertThat(read("x\na 1 2\n", 3, 100).byModel("j")).isEmpty();
        assertThat(read("", 3, 100).byModel("j")).isEmpty();
        assertThat(read("failed\n", 3, 100).inAll("j")).isEmpty();
    }

    @Test
    void saysThatSomethingWasPassedOver() {
        assertThat(read("a 1 2\n" + "b".repeat(500) + " 3 4\na 5 6\n", 64, 100).byModel("j"))
                .isEqualTo(List.of(job("a", 6, 8, false)));
        assertThat(read("a 1 2\nwhat\n", 64, 100).byModel("j")).isEqualTo(List.of(job("a", 1, 2, false)));
    }
}
