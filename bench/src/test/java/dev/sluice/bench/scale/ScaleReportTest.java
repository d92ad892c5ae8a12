package dev.sluice.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.bench.compare.Machine;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ScaleReportTest {
    private static final Machine MACHINE = new Machine("Abacus", 2, 1024, "Linux 6", "Java 25", Map.of());

    @Test
    void judgesLookUpVisibilityAndLatency() throws IOException {
        ScaleOutcome outcome = outcome(
                List.of(30.0, 10.0, 20.0),
                List.of(24.0),
                List.of(new Changes.Made(Change.DISABLE_KEY, 90, 80), new Changes.Made(Change.DISABLE_KEY, 20, 120)),
                3,
                8);

        List<ScaleOutcome.Figure> figures = outcome.figures();

        assertThat(figures).hasSize(3);
        assertThat(figures.get(0).found()).isCloseTo(1.2, within(1e-9));
        assertThat(figures.get(0).isKept(1)).isFalse();
        assertThat(figures.get(0).isKept(2)).isTrue();
        assertThat(figures.get(1).found()).isEqualTo(120);
        assertThat(figures.get(2).found()).isCloseTo(8, within(0.01));
        assertThat(figures.get(2).allowed()).isCloseTo(7, within(0.01));
        assertThat(ScaleReport.table(MACHINE, outcome))
                .containsPattern("look-up of a call +1\\.20 +1\\.15 +x one key +EXCEEDED")
                .containsPattern("change visible, slowest, from its request +120\\.00 +1000\\.00 +ms +kept")
                .containsPattern("key disabled +2 +90 \\(90\\) +120 \\(120\\) +100 \\(100\\)");
        assertThat(ScaleReport.json(outcome)).doesNotContain("\n").contains("\"seenMillis\":80.000");
    }

    @Test
    void leavesOutWhatHadNoCleanRound() throws IOException {
        ScaleOutcome outcome = outcome(List.of(), List.of(24.0), List.of(), 3, 8);

        assertThat(outcome.figures())
                .extracting(ScaleOutcome.Figure::title)
                .containsExactly("p99 of calls while publishing");
        assertThat(ScaleReport.json(outcome)).doesNotContain("NaN").contains("\"loopMicros\":null");
    }

    private static ScaleOutcome outcome(
            List<Double> small, List<Double> large, List<Changes.Made> changes, long quietMillis, long busyMillis) {
        return new ScaleOutcome(
                side(new Population(1, 1), small),
                side(new Population(1000, 100), large),
                2,
                histogram(quietMillis),
                histogram(busyMillis),
                changes,
                List.of());
    }

    private static Side side(Population population, List<Double> loop) {
        return new Side(
                population,
                1.5,
                100,
                50,
                200,
                loop.stream()
                        .map(micros -> new Side.Cost(micros, micros + 5, 1000))
                        .toList());
    }

    private static Histogram histogram(long millis) {
        Histogram histogram = new Histogram(3);
        histogram.recordValue(millis * 1_000_000);
        return histogram;
    }
}
