package dev.sluice.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcTest {
    @Test
    void addsUserAndSystemTimeAlsoWhenTheNameHoldsBlanksAndParentheses() {
        String stat = "4711 (nginx: (x) y) S 1 4711 4711 0 -1 4194560 100 0 0 0 250 75 3 4 20 0 1 0 12345 1000 200 0";

        assertThat(Proc.ticks(stat)).isEqualTo(325);
    }

    @Test
    void readsResidentMemory() {
        assertThat(Proc.residentKib("Name:\tjava\nVmHWM:\t  9000 kB\nVmRSS:\t    8123 kB\nThreads:\t9\n"))
                .isEqualTo(8123);
    }

    @Test
    void aProcessThatHasEndedUsesNothing() throws IOException {
        assertThat(Proc.cpuSeconds(Integer.MAX_VALUE)).isZero();
        assertThat(Proc.residentKib(Integer.MAX_VALUE)).isZero();
    }

    @Test
    void subtractsIdleTimeOfTheWholeMachine() {
        assertThat(Proc.busyTicks("cpu  100 20 30 9000 800 5 6 7 0 0\ncpu0 1 2 3\n"))
                .isEqualTo(168);
    }
}
