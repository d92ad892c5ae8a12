package dev.sluice.protocol.chat;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every format has every case of the golden matrix, or {@code golden/gaps.txt} says why not. */
class GoldenCoverageTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /** What each case is about: requests, whole answers, streams. */
    private static final Map<String, List<String>> CASES = table("""
            simple                   : request.json answer.json stream.txt
            system                   : request.json
            multi-turn               : request.json
            tools                    : request.json answer.json stream.txt
            parallel-tools           : answer.json stream.txt
            tool-results             : request.json
            images                   : request.json
            reasoning-with-signature : request.json answer.json stream.txt
            structured-output        : request.json
            stop                     : request.json answer.json
            max-tokens               : answer.json stream.txt
            cached                   : answer.json stream.txt
            refusal                  : answer.json stream.txt
            content-filter           : answer.json stream.txt
            error                    : answer.json
            mid-stream-error         : stream.txt
            unicode                  : request.json answer.json stream.txt
            empty                    : answer.json stream.txt
            """);

    @Test
    void everyCellIsThereOrHasAReason() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (Formats.Entry format : Formats.ALL)
            CASES.forEach((name, kinds) -> {
                if (!isComplete(format, name, kinds)) missing.add(format + " " + name);
            });
        assertThat(missing).isEqualTo(gaps());
    }

    private static boolean isComplete(Formats.Entry format, String name, List<String> kinds) {
        return kinds.stream()
                .filter(kind -> !(format.isOfUpstreams() && kind.equals("request.json")))
                .allMatch(kind ->
                        Files.exists(GOLDEN.resolve("cases").resolve(name).resolve(format + "." + kind)));
    }

    private static Set<String> gaps() throws IOException {
        Set<String> gaps = new TreeSet<>();
        for (String line : Files.readAllLines(GOLDEN.resolve("gaps.txt"))) {
            if (line.startsWith("#")) continue;
            String[] columns = line.split(" \\| ", -1);
            assertThat(columns)
                    .as("formats, cases and reason: %s", line)
                    .hasSize(3)
                    .doesNotContain("");
            for (String format : columns[0].split(", ", -1))
                for (String name : columns[1].split(", ", -1)) gaps.add(format + " " + name);
        }
        return gaps;
    }

    private static Map<String, List<String>> table(String lines) {
        Stream<String[]> rows = lines.lines().map(line -> line.split("\\s*:\\s*", 2));
        return rows.collect(toMap(row -> row[0], row -> Arrays.asList(row[1].split(" ", -1))));
    }
}
