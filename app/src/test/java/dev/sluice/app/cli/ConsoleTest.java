package dev.sluice.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));

    @Test
    void oneProblemIsOneLineOfTheErrorStream() {
        console.refuse(new Parsed.Refused(List.of("--port: \"x\" (expected: a port number 0–65535)")));
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("sluice: --port: \"x\" (expected: a port number 0–65535)");
        assertThat(out.size()).isZero();
    }

    @Test
    void severalProblemsAreCountedAndNumbered() {
        console.refuse(new Parsed.Refused(List.of("a", "b")));
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("sluice: cannot start, 2 problems:", "  1. a", "  2. b");
    }
}
