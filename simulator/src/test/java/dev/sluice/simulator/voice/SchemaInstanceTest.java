package dev.sluice.simulator.voice;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaInstanceTest {
    private static String instance(String schema) {
        return Json.encode(SchemaInstance.of(new JsonObject(schema)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {}",
                "{\"type\":\"string\"} | \"value\"",
                "{\"type\":\"string\",\"minLength\":8} | \"valuexxx\"",
                "{\"type\":\"string\",\"maxLength\":2} | \"va\"",
                "{\"type\":\"integer\",\"minimum\":5} | 5",
                "{\"type\":\"integer\",\"exclusiveMinimum\":5,\"multipleOf\":4} | 8",
                "{\"type\":\"integer\",\"maximum\":-3} | -3",
                "{\"type\":\"number\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":1} | 0.5",
                "{\"type\":\"number\",\"maximum\":1e400} | 1.5",
                "{\"type\":[\"null\",\"boolean\"]} | true",
                "{\"type\":\"null\"} | null",
                "{\"const\":7} | 7",
                "{\"enum\":[\"a\",\"b\"]} | \"a\"",
                "{\"type\":\"string\",\"default\":\"d\"} | \"d\"",
                "{\"type\":\"string\",\"default\":null} | \"value\"",
                "{\"type\":\"string\",\"examples\":[\"e\"]} | \"e\"",
                "{\"type\":\"string\",\"format\":\"date\"} | \"2026-01-31\"",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":3} | [1,1,1]",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":3,\"uniqueItems\":true} | [1,2,3]",
                "{\"type\":\"array\",\"prefixItems\":[{\"const\":1},{\"const\":2}],\"items\":false} | [1,2]",
                "{\"required\":[\"a\"]} | {\"a\":\"a\"}",
                "{\"type\":\"object\",\"minProperties\":2,\"additionalProperties\":{\"type\":\"integer\"}} | {\"property1\":1,\"property2\":1}",
                "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"integer\"}]} | 1",
                "{\"oneOf\":[{\"properties\":{\"k\":{\"const\":\"x\"}},\"required\":[\"k\"]},{\"type\":\"integer\"}]} | {\"k\":\"x\"}",
                "{\"allOf\":[{\"properties\":{\"a\":{\"const\":1}}},{\"properties\":{\"b\":{\"const\":2}}}]} | {\"a\":1,\"b\":2}",
                "{\"$ref\":\"#/$defs/n\",\"$defs\":{\"n\":{\"type\":\"integer\"}}} | 1",
                "{\"$ref\":\"#/$defs/a~1b\",\"$defs\":{\"a/b\":{\"const\":\"s\"}}} | \"s\"",
            })
    void makesAValidInstance(String schema, String instance) {
        assertThat(instance(schema)).isEqualTo(instance);
    }

    @Test
    void endsRecursion() {
        String tree = """
                {"type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#"}},
                 "next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["name","children","next"],"additionalProperties":false}
                """;
        JsonObject made = new JsonObject(instance(tree));
        JsonObject node = made;
        int depth = 0;
        while (node.getValue("next") instanceof JsonObject next) {
            node = next;
            depth++;
        }
        assertThat(depth).isBetween(1, 10);
        assertThat(node.containsKey("next")).isTrue();
        assertThat(node.getString("name")).isEqualTo("name");
        assertThat(instance("{\"$ref\":\"#\"}")).isNotEmpty();
        assertThat(instance("{\"allOf\":[{\"$ref\":\"#\"}]}")).isNotEmpty();
        assertThat(instance("{\"properties\":{\"me\":{\"$ref\":\"#\"}},\"required\":[\"me\"]}"))
                .startsWith("{\"me\":{");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^[A-Z]{3}-\\d{4}$",
                "^(foo|bar)+\\.txt$",
                "^[^x]y?$",
                "^\\+?[1-9]\\d{1,14}$",
                "^#[0-9a-fA-F]{6}$",
                "^.{2,5}$",
                "^[\\w.-]+@[\\w-]+\\.[a-z]{2,}$",
            })
    void matchesSimplePatterns(String pattern) {
        String text = new JsonObject()
                .put(
                        "v",
                        SchemaInstance.of(new JsonObject().put("type", "string").put("pattern", pattern)))
                .getString("v");
        assertThat(text).containsPattern(Pattern.compile(pattern));
    }

    @Test
    void makesPatternsAsLongAsAsked() {
        Object made = SchemaInstance.of(
                new JsonObject("{\"type\":\"string\",\"pattern\":\"^[a-c]+$\",\"minLength\":10,\"maxLength\":12}"));
        assertThat((String) made).matches("[a-c]{10,12}");
    }

    @Property(tries = 300)
    void findsAnIntegerInAnyRange(@ForAll int one, @ForAll int other) {
        int least = Math.min(one, other);
        int most = Math.max(one, other);
        Object made = SchemaInstance.of(
                new JsonObject().put("type", "integer").put("minimum", least).put("maximum", most));
        assertThat(((Number) made).longValue()).isBetween((long) least, (long) most);
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.strings().withChars("ab\\d[]^$()|?*+{},1x-.").ofMaxLength(12);
    }

    @Property(tries = 1_000)
    void survivesAnyPattern(@ForAll("patterns") String pattern) {
        Object made = SchemaInstance.of(new JsonObject().put("type", "string").put("pattern", pattern));
        assertThat(made).isInstanceOf(String.class);
    }
}
