package dev.sluice.settings.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfModelsTest {
    @ParameterizedTest
    @CsvSource({
        "gpt-5*, gpt-5.1-mini, true",
        "gpt-5*, gpt-4o, false",
        "*-thinking, kimi-thinking, true",
        "a*b*c, aXbYc, true",
        "a*b*c, abc, true",
        "a*a, a, false",
        "o3, o3, true",
        "glm-4-*, GLM-4-Plus, true",
        "MiniMax-M2, minimax-m2, true",
        "o3, o3-mini, false"
    })
    void aStarStandsForAnyCharactersAndCaseForNothing(String pattern, String name, boolean covers) {
        assertThat(new OutputLimit(List.of("other", pattern), 1).covers(name)).isEqualTo(covers);
    }

    @ParameterizedTest
    @CsvSource({"gpt-5", "x"})
    void noPatternsAreAll(String name) {
        assertThat(new EmbeddingBatch(List.of(), 1).covers(name)).isTrue();
    }
}
