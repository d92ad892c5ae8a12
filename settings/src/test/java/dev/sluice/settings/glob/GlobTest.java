package dev.sluice.settings.glob;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt-4o|gpt-4o|true",
                "gpt-4o|GPT-4o|false",
                "gpt-4o|gpt-4o-mini|false",
                "gpt-*|gpt-|true",
                "gpt-*|gpt-4o|true",
                "gpt-*|my-gpt-4|false",
                "*|''|true",
                "*|anything|true",
                "''|''|true",
                "''|a|false",
                "?|''|false",
                "?|a|true",
                "?|😀|true",
                "??|😀|false",
                "*??|😀|false",
                "qwen?-*-chat|qwen2-72b-chat|true",
                "qwen?-*-chat|qwen-72b-chat|false",
                "*-chat*|a-chat-chat|true",
                "**a**|bab|true",
                "a.c|abc|false",
            })
    void matchesNamesAndPatterns(String pattern, String text, boolean expected) {
        assertThat(Glob.matches(pattern, text)).isEqualTo(expected);
    }

    @Property(tries = 3000)
    void agreesWithANaiveMatcher(@ForAll("patterns") String pattern, @ForAll("texts") String text) {
        assertThat(Glob.matches(pattern, text)).isEqualTo(naive(pattern, 0, text, 0));
    }

    @Test
    void doesNotBlowUpOnManyStars() {
        // A matcher that tries every way to share the text among the stars would take longer than the universe is old.
        String pattern = "*a".repeat(200) + "b";
        assertThat(Glob.matches(pattern, "a".repeat(5_000))).isFalse();
    }

    @Test
    void matchesAnyOfAList() {
        assertThat(Glob.matchesAny(List.of("a", "b*"), "bc")).isTrue();
        assertThat(Glob.matchesAny(List.of("a", "b*"), "c")).isFalse();
        assertThat(Glob.matchesAny(List.of(), "c")).isFalse();
    }

    @Test
    void tellsNamesFromPatterns() {
        assertThat(Glob.isExact("gpt-4o")).isTrue();
        assertThat(Glob.isExact("gpt-?")).isFalse();
        assertThat(Glob.isExact("*")).isFalse();
        assertThat(Glob.literals("gpt-*?")).isEqualTo(4);
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars('a', 'b', '*', '?').ofMaxLength(10);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars('a', 'b').ofMaxLength(12);
    }

    private static boolean naive(String pattern, int p, String text, int t) {
        if (p == pattern.length()) return t == text.length();
        if (pattern.charAt(p) == '*') {
            return naive(pattern, p + 1, text, t) || (t < text.length() && naive(pattern, p, text, t + 1));
        }
        return t < text.length()
                && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))
                && naive(pattern, p + 1, text, t + 1);
    }
}
