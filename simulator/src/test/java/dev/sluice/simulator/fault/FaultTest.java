package dev.sluice.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.simulator.voice.Complaint;
import dev.sluice.simulator.voice.Header;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {
    @Test
    void readsDirectivesInAnyOrderAndSpacing() {
        Fault fault = Fault.parse(" retry-after=2 ; status=429;; header=X-A: 1;header=X-B:2 ");
        assertThat(fault.refusal()).isEqualTo(new Refusal(Complaint.of(429), null, null));
        assertThat(fault.headers())
                .containsExactly(new Header("X-A", "1"), new Header("X-B", "2"), new Header("retry-after", "2"));
    }

    @Test
    void letsTheLastDirectiveWinAndPlainForgetAll() {
        assertThat(Fault.parse("ttft=1;ttft=2s").pace().firstTokenMillis()).isEqualTo(2_000);
        assertThat(Fault.parse("status=500;plain;latency=3ms")).isEqualTo(Fault.parse("latency=3"));
        assertThat(Fault.parse("status=500;plain")).isEqualTo(Fault.NONE);
        assertThat(Fault.parse("")).isEqualTo(Fault.NONE);
    }

    @Test
    void decodesValuesButNotPlusSigns() {
        assertThat(Fault.parse("text=a%3Bb+c%20d").wishes().text()).isEqualTo("a;b+c d");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status=99 | directive status: \"99\" (expected: a whole number from 200 to 599)",
                "status= | directive status: \"\" (expected: a whole number from 200 to 599)",
                "ttft=soon | directive ttft: \"soon\" (expected: a duration such as 250, 250ms or 2s)",
                "tps=-1 | directive tps: \"-1\" (expected: a number from 0 to 1000000000 such as 3 or 3.5)",
                "end=never | directive end: \"never\" (expected: one of [clean, close, reset])",
                "header=x | directive header: \"x\" (expected: header=Name:value on one line)",
                "retry-after=1%0d%0aX: 2 | (expected: one line)",
                "text=%zz | value: %zz (expected: percent-encoded text, a percent sign as %25)",
                "malformed=0 | directive malformed: \"0\" (expected: a whole number from 1 to 2147483647)",
                "boom | unknown directive \"boom\" (expected: plain or one of [body, bom,",
            })
    void saysWhatIsWrong(String directives, String message) {
        assertThatThrownBy(() -> Fault.parse(directives))
                .isInstanceOf(FaultSyntaxException.class)
                .hasMessageContaining(message);
    }

    @Property(tries = 500)
    void readsOrRefusesAnyText(@ForAll String text) {
        try {
            assertThat(Fault.parse(text)).isNotNull();
        } catch (FaultSyntaxException refused) {
            assertThat(refused).hasMessageContaining("expected");
        }
    }
}
