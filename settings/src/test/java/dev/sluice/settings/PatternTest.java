package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, x, true",
        "*, *, true",
        "**, '', true",
        "gpt-*, gpt-4?, true",
        "gpt-*, gpt-*-mini, true",
        "gpt-?, gpt-*, false",
        "gpt-??, gpt-?, false",
        "a*c, abc, true",
        "a*c, a*, false",
        "x, x, true",
        "x, X, false",
    })
    void oneCoversAnother(String first, String second, boolean expected) {
        assertThat(Pattern.covers(first, second)).isEqualTo(expected);
    }

    @Property(tries = 2000)
    void whatIsCoveredIsMatchedByBoth(@ForAll int seed) {
        Random random = new Random(seed);
        String first = text(random, "ab*?", 4);
        String second = text(random, "ab*?", 4);
        if (!Pattern.covers(first, second)) return;
        for (int i = 0; i < 50; i++) {
            String model = text(random, "ab", 6);
            if (matches(second, model))
                assertThat(matches(first, model))
                        .as(first + " " + second + " " + model)
                        .isTrue();
        }
    }

    private static String text(Random random, String symbols, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--)
            text.append(symbols.charAt(random.nextInt(symbols.length())));
        return text.toString();
    }

    private static boolean matches(String pattern, String model) {
        return model.matches(pattern.replace("*", ".*").replace("?", "."));
    }
}
