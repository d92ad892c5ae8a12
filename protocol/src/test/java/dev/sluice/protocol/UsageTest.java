package dev.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UsageTest {
    @Test
    void whatIsLeftHasNoPartThatIsLargerThanTheWhole() {
        Usage whole = new Usage(1_000, 800, 150, 500, 400);
        assertThat(whole.less(Usage.ZERO)).isEqualTo(whole);
        assertThat(whole.less(Usage.of(900, 450))).isEqualTo(new Usage(100, 100, 0, 50, 50));
        assertThat(whole.less(Usage.of(2_000, 2_000))).isEqualTo(Usage.ZERO);
    }
}
