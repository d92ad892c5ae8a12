package dev.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.simulator.fault.Fault;
import dev.sluice.simulator.openai.OpenAiVoices;
import dev.sluice.simulator.voice.Heard;
import dev.sluice.simulator.voice.Voice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How fast an answer will come, read from its plan. */
class StagingTest {
    private static final Voice VOICE =
            Objects.requireNonNull(new OpenAiVoices(List.of()).at("POST", Calls.CHAT, Calls.NO_CUES));

    private static Plan plan(String body, String fault) {
        Heard heard = Heard.of("POST", Calls.CHAT, body.getBytes(StandardCharsets.UTF_8))
                .as("m");
        return Staging.plan(VOICE, heard, Fault.parse(fault));
    }

    private static List<Long> waits(Plan plan) {
        return plan.steps().stream().map(step -> step.waitNanos() / 1_000_000).toList();
    }

    @Test
    void waitsBeforeTheHeadTheFirstTokenAndEachTokenAfter() {
        Plan plan = plan(Calls.stream("m"), "latency=50;ttft=200;tps=10");
        assertThat(plan.headWaitNanos()).isEqualTo(50_000_000);
        assertThat(waits(plan)).containsExactly(0L, 200L, 100L, 100L, 0L, 0L);
    }

    @Test
    void waitsForAWholeAnswerAsLongAsItsStreamWouldTake() {
        Plan plan = plan(Calls.plain("m"), "latency=50;ttft=200;tps=10");
        assertThat(plan.headWaitNanos()).isEqualTo(550_000_000);
        assertThat(waits(plan)).containsExactly(0L);
        assertThat(plan.isOneWrite()).isTrue();
    }

    @Test
    void waitsBetweenTheWritesOfADrip() {
        Plan plan = plan(Calls.plain("m"), "drip=100;drip-delay=7");
        assertThat(plan.headWaitNanos()).isZero();
        assertThat(waits(plan)).startsWith(0L, 7L, 7L).doesNotContain(1L);
    }

    @Test
    void doesNotLetARefusalWaitForTokens() {
        Plan plan = plan(Calls.stream("m"), "status=500;latency=5;ttft=200;tps=1");
        assertThat(plan.headWaitNanos()).isEqualTo(5_000_000);
        assertThat(plan.isOneWrite()).isTrue();
    }

    @Test
    void tremblesTheSameWayEachTimeButNotWithAnotherSeed() {
        List<Long> first = waits(plan(Calls.stream("m"), "tps=100;jitter=500"));
        assertThat(waits(plan(Calls.stream("m"), "tps=100;jitter=500"))).isEqualTo(first);
        assertThat(waits(plan(Calls.stream("m"), "tps=100;jitter=500;seed=1"))).isNotEqualTo(first);
        assertThat(first).allSatisfy(wait -> assertThat(wait).isBetween(0L, 510L));
    }

    @Test
    void writesHugeBodiesInPieces() {
        Plan plan = plan(Calls.plain("m"), "huge=200000");
        assertThat(plan.steps()).hasSize(4);
        assertThat(plan.steps().stream()
                        .mapToLong(step -> step.bytes().length())
                        .sum())
                .isEqualTo(plan.contentLength());
        assertThat(plan.steps().stream().filter(Step::endsEvent)).hasSize(1);
    }
}
