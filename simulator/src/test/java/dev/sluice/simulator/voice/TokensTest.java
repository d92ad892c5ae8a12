package dev.sluice.simulator.voice;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokensTest {
    @Test
    void countsAWordWithTheSpaceBeforeItAsOneToken() {
        assertThat(Tokens.split("Echo: hi  there\n")).containsExactly("Echo:", " hi", "  there", "\n");
        assertThat(Tokens.split("")).isEmpty();
    }

    @Test
    void countsLongWordsInPiecesWithoutSplittingCharacters() {
        assertThat(Tokens.split("a".repeat(33))).extracting(String::length).containsExactly(16, 16, 1);
        assertThat(Tokens.split("a".repeat(15) + "\uD83D\uDE00b"))
                .containsExactly("a".repeat(15) + "\uD83D\uDE00", "b");
    }

    @Property(tries = 500)
    void splitsAnyTextWithoutLossIntoAsManyTokensAsItCounts(
            @ForAll String text, @ForAll @IntRange(max = 20) int limit) {
        assertThat(String.join("", Tokens.split(text))).isEqualTo(text);
        assertThat(Tokens.split(text)).hasSize(Tokens.count(text)).doesNotContain("");
        assertThat(text).startsWith(Tokens.first(text, limit));
        assertThat(Tokens.count(Tokens.first(text, limit))).isEqualTo(Math.min(limit, Tokens.count(text)));
    }
}
