package dev.sluice.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class OptionTest {
    @Test
    void noCommandKnowsAFlagOrVariableTwice() {
        for (Verb verb : Verb.values()) {
            assertThat(Option.of(verb).stream().flatMap(Option::spellings))
                    .as("%s", verb)
                    .doesNotHaveDuplicates();
            assertThat(Option.of(verb).stream().flatMap(option -> option.variable().stream()))
                    .as("%s", verb)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void everyFlagOfAGatewayHasItsNameAsVariable() {
        for (Option option : Option.of(Verb.RUN)) {
            option.flag()
                    .ifPresent(flag -> assertThat(option.variable())
                            .hasValue("SLUICE_"
                                    + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT)));
        }
    }

    @Test
    void secretsOfAGatewayAreNoFlags() {
        assertThat(Option.of(Verb.RUN).stream()
                        .filter(Option::isSecret)
                        .filter(option -> option.flag().isPresent()))
                .isEmpty();
    }

    @Test
    void helpNamesEverySettingOfItsCommand() {
        for (Verb verb : List.of(Verb.RUN, Verb.DEMO, Verb.APPLY, Verb.EXPORT, Verb.DOCTOR)) {
            String help = HelpText.of(verb);
            for (Option option : Option.of(verb)) {
                assertThat(help).contains(option.meaning()).contains(option.fallback());
                option.flag().ifPresent(flag -> assertThat(help).contains(flag));
                option.variable().ifPresent(variable -> assertThat(help).contains(variable));
            }
        }
    }

    @Test
    void helpNamesEveryCommandButTheHiddenOne() {
        assertThat(HelpText.of(null))
                .contains("run", "demo", "apply", "export", "doctor", "test", "build", "version", "help")
                .doesNotContain("warm-up");
    }
}
