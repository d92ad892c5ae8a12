package dev.sluice.upstreams.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Splice;
import dev.sluice.protocol.json.Json;
import dev.sluice.settings.catalogue.Catalogue;
import dev.sluice.settings.catalogue.ParameterRule;
import dev.sluice.settings.catalogue.Provider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterRulesTest {
    private static final ParameterRule RULE =
            new ParameterRule(List.of("o*", "m"), List.of("drop"), Map.of("old", "new"), Map.of("t", "0.01..1"));

    @Test
    void dropsRenamesAndClamps() {
        assertThat(apply("o3", "{\"a\":1,\"drop\":2,\"old\":3,\"t\":1.5}")).isEqualTo("{\"a\":1,\"new\":3,\"t\":1}");
        assertThat(apply("m", "{\"t\":0}")).isEqualTo("{\"t\":0.01}");
    }

    @Test
    void leavesOtherModelsAndValuesWithinTheRangeAsTheyAre() {
        String body = "{\"drop\":2,\"t\":7}";
        assertThat(apply("x", body)).isEqualTo(body);
        assertThat(apply("m", "{ \"t\" : 0.50 }")).isEqualTo("{ \"t\" : 0.50 }");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"drop":1,"a":2}                     | {"a":2}
            { "drop" : 1 , "a" : 2 }             | {   "a" : 2 }
            {"a":2,"drop":{"b":[1,"}"]}}         | {"a":2}
            {"drop":1,"drop":2,"a":3,"drop":4}   | {"a":3}
            {"drop":1}                           | {}
            {"dr\\u006fp":1,"a":2}               | {"a":2}
            {"old":3,"a":2}                      | {"new":3,"a":2}
            {"old":3,"new":4}                    | {"new":4}
            {"new":4,"old":3}                    | {"new":4}
            {"drop":1,"old":3,"t":9e1}           | {"new":3,"t":1}
            {"a":1.50,"t":-1,"z":{"drop":1}}     | {"a":1.50,"t":0.01,"z":{"drop":1}}
            {"t":"9","a":null}                   | {"t":"9","a":null}
            ["drop"]                             | ["drop"]
            {"drop":1,                           | {"drop":1,
            """)
    void leavesAllElseByteForByte(String body, String expected) {
        assertThat(apply("m", body)).isEqualTo(expected);
    }

    @Test
    void developersBecomeTheSystemWhereTheyAreNotKnown() {
        ParameterRules none = ParameterRules.of(List.of(), "m");
        String body = "{\"messages\":[{\"role\":\"developer\",\"content\":\"a \\\"developer\\\" speaks\"},"
                + "{\"content\":\"x\", \"role\" : \"develop\\u0065r\"},{\"role\":\"user\",\"content\":[{\"role\":\"developer\"}]}],"
                + "\"role\":\"developer\"}";
        byte[] bytes = body.getBytes(UTF_8);
        assertThat(new String(Splice.apply(bytes, none.refit(bytes, true).edits()), UTF_8))
                .isEqualTo("{\"messages\":[{\"role\":\"system\",\"content\":\"a \\\"developer\\\" speaks\"},"
                        + "{\"content\":\"x\", \"role\" : \"system\"},{\"role\":\"user\",\"content\":[{\"role\":\"developer\"}]}],"
                        + "\"role\":\"developer\"}");
        assertThat(none.refit(bytes, false).edits()).isEmpty();
        byte[] others = "{\"messages\":[{\"role\":\"user\",\"content\":\"developer\"}]}".getBytes(UTF_8);
        assertThat(none.refit(others, true).edits()).isEmpty();
    }

    @Test
    void whatIsLeftIsTheDocumentWithoutWhatTheRulesTake() {
        Random random = new Random(7);
        List<String> members = List.of("a", "drop", "old", "new", "t", "b");
        for (int round = 0; round < 2_000; round++) {
            List<String> chosen = new ArrayList<>(members);
            Collections.shuffle(chosen, random);
            chosen = chosen.subList(0, random.nextInt(members.size() + 1));
            StringBuilder body = new StringBuilder("{");
            for (String name : chosen)
                body.append(body.length() > 1 ? "," : "")
                        .append('"')
                        .append(name)
                        .append("\": ")
                        .append(random.nextInt(3));
            Json changed = Json.parse(apply("m", body.append(" }").toString()));
            assertThat(changed).as(body.toString()).isNotNull();
            Json whole = Json.parse(body.toString());
            assertThat(changed.has("drop")).isFalse();
            assertThat(changed.has("old")).isFalse();
            assertThat(changed.has("new")).isEqualTo(whole.has("new") || whole.has("old"));
            for (String kept : List.of("a", "b"))
                assertThat(changed.get(kept)).as(body.toString()).isEqualTo(whole.get(kept));
            if (whole.has("new")) assertThat(changed.get("new")).isEqualTo(whole.get("new"));
        }
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
