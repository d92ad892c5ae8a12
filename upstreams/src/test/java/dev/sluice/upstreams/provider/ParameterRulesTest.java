package dev.sluice.upstreams.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.ParameterRule;
import dev.sluice.settings.catalogue.Provider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterRulesTest {
    private static final ParameterRule RULE =
            new ParameterRule(List.of("o*", "m"), List.of("drop"), Map.of("old", "new"), Map.of("t", "0.01..1"));

    @Test
    void dropsRenamesAndClamps() {
        assertThat(apply("o3", "{\"a\":1,\"drop\":2,\"old\":3,\"t\":1.5}")).isEqualTo("{\"a\":1,\"t\":1,\"new\":3}");
        assertThat(apply("m", "{\"t\":0}")).isEqualTo("{\"t\":0.01}");
    }

    @Test
    void leavesOtherModelsAndValuesWithinTheRangeAsTheyAre() {
        String body = "{\"drop\":2,\"t\":7}";
        assertThat(apply("x", body)).isEqualTo(body);
        assertThat(apply("m", "{ \"t\" : 0.50 }")).isEqualTo("{ \"t\" : 0.50 }");
    }

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
        "o3, o3-mini, false"
    })
    void aStarStandsForAnyCharacters(String pattern, String name, boolean matches) {
        assertThat(ParameterRules.matches(pattern, name)).isEqualTo(matches);
    }

    @Test
    void everyRangeOfTheCatalogueCanBeApplied() {
        byte[] body = "{\"temperature\":5,\"top_p\":5}".getBytes(UTF_8);
        for (Provider provider : Catalogue.load().providers()) {
            for (ParameterRule rule : provider.rules()) {
                String model =
                        rule.models().isEmpty() ? "m" : rule.models().getFirst().replace("*", "x");
                assertThat(ParameterRules.apply(List.of(rule), model, body))
                        .as(provider.id())
                        .isNotEmpty();
            }
        }
    }

    private static String apply(String model, String body) {
        return new String(ParameterRules.apply(List.of(RULE), model, body.getBytes(UTF_8)), UTF_8);
    }
}
