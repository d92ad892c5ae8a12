package dev.sluice.protocol.ark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.JobUsage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArkTest {
    private static final String DONE =
            "{\"id\":\"cgt-1\",\"model\":\"doubao-seedance-1-0-pro\",\"status\":\"succeeded\",\"content\":{\"video_url\":\"https://x\"},"
                    + "\"usage\":{\"completion_tokens\":246840,\"total_tokens\":246840}}";
    private static final JobUsage USED =
            new JobUsage("cgt-1", "doubao-seedance-1-0-pro", Usage.of(0, 246_840), Units.NONE, true);

    private static List<JobUsage> ended(String body) {
        return Ark.endedTasks(body.getBytes(UTF_8));
    }

    @Test
    void aTaskThatHasSucceededTellsItsTokens() {
        assertThat(ended(DONE)).containsExactly(USED);
    }

    @Test
    void aListTellsThoseThatHaveSucceeded() {
        assertThat(ended("{\"total\":2,\"items\":[{\"id\":\"cgt-2\",\"status\":\"running\"}," + DONE + "]}"))
                .containsExactly(USED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"cgt-1\",\"status\":\"running\",\"usage\":{\"completion_tokens\":5}}",
                "{\"id\":\"cgt-1\",\"status\":\"failed\",\"error\":{\"code\":\"x\"}}",
                "{\"id\":\"cgt-1\",\"status\":\"succeeded\"}",
                "{\"id\":\"cgt-1\",\"status\":\"succeeded\",\"usage\":{\"completion_tokens\":-5}}",
                "{\"status\":\"succeeded\",\"usage\":{\"completion_tokens\":5}}",
                "{\"items\":7}",
                "[1]",
                "no JSON",
                ""
            })
    void allOthersTellNothing(String body) {
        assertThat(ended(body)).isEmpty();
    }

    @Test
    void whoBeginsATaskIsToldItsId() {
        assertThat(Ark.begunTask("{\"id\":\"cgt-1\"}".getBytes(UTF_8))).isEqualTo("cgt-1");
        assertThat(Ark.begunTask("{\"error\":{}}".getBytes(UTF_8))).isNull();
        assertThat(Ark.begunTask("no JSON".getBytes(UTF_8))).isNull();
    }
}
