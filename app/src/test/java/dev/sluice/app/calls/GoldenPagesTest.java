package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.traffic.usage.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables on the pages are those of the code. */
class GoldenPagesTest {
    @Test
    void usageShowsTheSettlementTable() throws IOException {
        assertShows("usage.md", "settlement", Settlement.markdown());
    }

    @Test
    void errorsShowsTheFailureTable() throws IOException {
        assertShows("errors.md", "failures", FailureKind.markdown());
    }

    private static void assertShows(String name, String marker, String table) throws IOException {
        Path file = Path.of("..", "docs", name);
        String page = Files.readString(file);
        String opening = "<!-- " + marker + ": begin -->\n";
        int begin = page.indexOf(opening) + opening.length();
        int end = page.indexOf("<!-- " + marker + ": end -->");
        assertThat(begin).as("position of the markers in %s", file).isBetween(opening.length(), end);
        String wanted = page.substring(0, begin) + "\n" + table + "\n" + page.substring(end);
        if (Boolean.getBoolean("golden.update")) Files.writeString(file, wanted);
        assertThat(Files.readString(file))
                .as("%s, rewritten by ./sluice test -Dgolden.update=true", file)
                .isEqualTo(wanted);
    }
}
