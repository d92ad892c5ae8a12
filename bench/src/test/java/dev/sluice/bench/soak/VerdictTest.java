package dev.sluice.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void aGatewayThatHoldsWhatItHeldIsFlat() {
        assertThat(Verdict.complaints(samples(0, 0, 0))).isEmpty();
    }

    @Test
    void tellsWhatGrew() {
        assertThat(Verdict.complaints(samples(4_000_000, 0, 0)))
                .singleElement()
                .asString()
                .startsWith("live heap grew from");
        assertThat(Verdict.complaints(samples(0, 20_000_000, 0)))
                .singleElement()
                .asString()
                .startsWith("resident memory grew from");
        assertThat(Verdict.complaints(samples(0, 0, 10)))
                .singleElement()
                .asString()
                .startsWith("open handles grew from");
    }

    @Test
    void growthWhileItWarmsUpIsNoLeak() {
        List<Sample> warmed = IntStream.range(0, 12)
                .mapToObj(i -> sample(i, i < 4 ? 10 : 90, 0, 100))
                .toList();

        assertThat(Verdict.complaints(warmed)).isEmpty();
    }

    @Test
    void aReservationThatNobodySettlesIsTold() {
        Sample stuck = new Sample(100, 1, 1, 1, 1, 1, 0, 1, 0, 0);

        assertThat(Verdict.complaints(List.of(stuck)))
                .singleElement()
                .asString()
                .startsWith("not at rest after 100 calls");
    }

    /** Twelve samples that grow by so much each. */
    private static List<Sample> samples(long heap, long resident, long handles) {
        return IntStream.range(0, 12)
                .mapToObj(i -> sample(i, 40_000_000 + i * heap, 300_000_000 + i * resident, 140 + i * handles))
                .toList();
    }

    private static Sample sample(int number, long heap, long resident, long handles) {
        return new Sample(number * 100L, number, resident, heap, handles, handles, 0, 0, 0, 0);
    }
}
