package dev.sluice.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void readsOptionsAndFlags() {
        Arguments arguments = parse("--short", "--seconds", "1.5", "--rounds", "3");

        assertThat(arguments.has("short")).isTrue();
        assertThat(arguments.decimal("seconds", 6)).isEqualTo(1.5);
        assertThat(arguments.number("rounds", 5)).isEqualTo(3);
        assertThat(arguments.number("missing", 5)).isEqualTo(5);
    }

    @Test
    void namesTheWordThatDoesNotFit() {
        assertThatThrownBy(() -> parse("--sort"))
                .hasMessage("unknown: --sort (expected: --rounds, --seconds, --short)");
        assertThatThrownBy(() -> parse("--rounds")).hasMessage("--rounds needs a value");
        assertThatThrownBy(() -> parse("--rounds", "many").number("rounds", 1))
                .hasMessage("--rounds: many (expected: a number)");
    }

    private static Arguments parse(String... words) {
        return Arguments.parse(List.of(words), Set.of("seconds", "rounds"), Set.of("short"));
    }
}
