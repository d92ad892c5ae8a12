package dev.sluice.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README is the contract of the grammar. */
class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("`(?:ask|stream) \"([^\"]*)\"`");

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    @Test
    void describesEveryDirective() throws IOException {
        String readme = readme();
        assertThat(Directives.names()).allSatisfy(name -> assertThat(readme).containsPattern("`" + name + "[`=]"));
    }

    @Test
    void givesExamplesThatAreUnderstoodAndDoSomething() throws IOException {
        List<String> examples = EXAMPLE.matcher(readme())
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
        assertThat(examples)
                .hasSizeGreaterThan(40)
                .allSatisfy(example -> assertThat(Fault.parse(example)).isNotEqualTo(Fault.NONE));
    }
}
