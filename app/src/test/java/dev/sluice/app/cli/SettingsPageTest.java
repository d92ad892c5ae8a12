package dev.sluice.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsPageTest {
    private static final String BEGIN = "<!-- settings: begin -->\n";
    private static final String END = "<!-- settings: end -->\n";
    private static final Path PAGE = Path.of("..", "docs", "settings.md");

    @Test
    void thePageShowsTheTable() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(begin).as("position of the markers in %s", PAGE).isBetween(BEGIN.length(), end);
        String wanted = page.substring(0, begin) + "\n" + HelpText.markdown() + page.substring(end);
        if (Boolean.getBoolean("golden.update")) Files.writeString(PAGE, wanted);
        assertThat(Files.readString(PAGE))
                .as("%s, rewritten by ./sluice test -Dgolden.update=true", PAGE)
                .isEqualTo(wanted);
    }

    @Test
    void everySettingIsOnThePageOnce() {
        String tables = HelpText.markdown();
        for (Option option : Option.values()) {
            assertThat(tables.split("\\Q| " + option.meaning() + " |\\E", -1))
                    .as("%s", option)
                    .hasSize(2);
        }
    }
}
