package dev.sluice.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Machine MACHINE =
            new Machine("Abacus", 2, 1024, "Linux 6", "Java 25", Map.of("nginx", "1.22.1"));

    @Test
    void comparesTheGatewayWithItsBudgets() {
        Outcome outcome = outcome(
                Map.of(
                        Shape.STEADY,
                        Map.of(
                                Contestant.DIRECT, round(0, 100, 400),
                                Contestant.NGINX, round(20, 150, 500),
                                Contestant.GATEWAY, round(50, 280, 900))),
                Optional.of(gateway()));

        Map<Budget, Double> figures = outcome.budgeted();

        assertThat(figures)
                .containsOnlyKeys(
                        Budget.STEADY_CALL,
                        Budget.ADDED_P50,
                        Budget.ADDED_P99,
                        Budget.STALL,
                        Budget.HEAP_PER_STREAM,
                        Budget.START,
                        Budget.IDLE);
        assertThat(figures.get(Budget.STEADY_CALL)).isEqualTo(2.5);
        assertThat(figures.get(Budget.ADDED_P50)).isCloseTo(0.18, within(1e-9));
        assertThat(figures.get(Budget.ADDED_P99)).isCloseTo(0.5, within(1e-9));
        assertThat(figures.get(Budget.HEAP_PER_STREAM)).isEqualTo(40.0);
        assertThat(figures.get(Budget.STALL)).isEqualTo(120.0);
        assertThat(figures.get(Budget.START)).isEqualTo(1.5);
        assertThat(new Report(outcome).table())
                .containsPattern("processor time of a call, 2,000/s +2\\.50 +2\\.00 +x nginx +EXCEEDED")
                .containsPattern("added latency at 2,000/s, p50 +0\\.18 +0\\.20 +ms +kept");
    }

    @Test
    void showsEveryContestantBesideNginx() throws IOException {
        Outcome outcome = outcome(
                Map.of(
                        Shape.GENTLE,
                        Map.of(
                                Contestant.DIRECT,
                                round(0, 10, 20),
                                Contestant.NGINX,
                                round(40, 70, 90),
                                "haproxy",
                                round(50, 80, 100),
                                "portkey",
                                round(1400, 1500, 3000),
                                Contestant.GATEWAY,
                                round(80, 90, 110))),
                Optional.empty());

        String table = new Report(outcome).table();

        assertThat(table)
                .containsPattern("call at 250/s +nginx +40\\.0 +1\\.00 ")
                .containsPattern("call at 250/s +haproxy +50\\.0 +1\\.25 ")
                .containsPattern("call at 250/s +portkey +1400\\.0 +35\\.00 ")
                .containsPattern("call at 250/s +gateway +80\\.0 +2\\.00 ")
                .contains("nginx 1.22.1\n")
                .contains("Remarks:\n  haproxy is not installed and is left out\n");
        assertThat(new Report(outcome).json())
                .contains("\"nginx\":\"1.22.1\"")
                .contains("\"who\":\"portkey\"")
                .contains("\"remarks\":[\"haproxy is not installed and is left out\"]");
    }

    @Test
    void tellsWhatWasNotMeasuredByLeavingItOut() throws IOException {
        Outcome outcome =
                outcome(Map.of(Shape.SATURATED, Map.of(Contestant.GATEWAY, round(30, 1, 2))), Optional.empty());

        assertThat(outcome.budgeted()).isEmpty();
        assertThat(new Report(outcome).json()).doesNotContain("NaN").doesNotContain("\"gateway\":{");
    }

    @Test
    void writesOneLineOfJson() throws IOException {
        String json = new Report(outcome(
                        Map.of(Shape.PACED, Map.of(Contestant.NGINX, round(Double.NaN, 1, 2))), Optional.of(gateway())))
                .json();

        assertThat(json)
                .doesNotContain("\n")
                .contains("\"cpuMicros\":null")
                .contains("\"meteredCalls\":7")
                .contains("\"heapBytesEach\":40960")
                .contains("\"longestStallMillis\":160.000")
                .contains("\"complaints\":[\"round 1 was bad\"]");
    }

    @Test
    void takesTheMedianOfEachFigure() {
        Round median = Round.median(List.of(round(10, 3, 30), round(30, 1, 20), round(20, 2, 10)));

        assertThat(median.cpu()).isEqualTo(20);
        assertThat(median.p50()).isEqualTo(2);
        assertThat(median.p99()).isEqualTo(20);
        assertThat(Round.median(List.of(round(10, 0, 0), round(20, 0, 0))).cpu())
                .isEqualTo(15);
    }

    private static Round round(double cpu, double p50, double p99) {
        return new Round(cpu, 0.5, 1000, p50, p99, 0, 0);
    }

    private static Outcome.OfGateway gateway() {
        return new Outcome.OfGateway(
                List.of(1.9, 1.1, 1.5),
                List.of(),
                100_000_000,
                200_000_000,
                List.of(new Outcome.Held(500, 20_480, 0, 0), new Outcome.Held(1000, 40_960, 10, 0)),
                List.of(new Outcome.Flow(1000, new Outcome.Evenness(160, 9, 1.5), new Outcome.Evenness(40, 3, 0.5))),
                7,
                OptionalLong.of(7));
    }

    private static Outcome outcome(Map<Shape, Map<String, Round>> shapes, Optional<Outcome.OfGateway> gateway) {
        return new Outcome(
                Instant.EPOCH,
                MACHINE,
                0.01,
                shapes,
                gateway,
                List.of("round 1 was bad"),
                List.of("haproxy is not installed and is left out"));
    }
}
