package dev.sluice.app.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parts of the documentation that tests write. */
final class Pages {
    private Pages() {}

    /** A page shows this table between its markers; {@code -Dgolden.update=true} writes it there. */
    static void assertShows(String name, String marker, String table) {
        try {
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
