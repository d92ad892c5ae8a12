package dev.sluice.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void keepsTheOrderOfMembersAndTheSpellingOfNumbers() {
        String document = "{\"b\":1e400,\"a\":[9007199254740993,-0.0,true,null],\"ü\":\"\\u00e4\\n\"}";
        Json tree = Json.parse(document);
        assertThat(tree).isNotNull();
        assertThat(tree.toJson()).isEqualTo("{\"b\":1e400,\"a\":[9007199254740993,-0.0,true,null],\"ü\":\"ä\\n\"}");
    }

    @Test
    void findsNothingOnAPathThatIsNotThere() {
        Json tree = Json.object().put("a", "x").build();
        assertThat(tree.get("a").get("b").items()).isEmpty();
        assertThat(tree.get("c").isPresent()).isFalse();
        assertThat(tree.any("c", "a").text()).isEqualTo("x");
    }

    @Test
    void doesNotParseWhatIsNoJson() {
        assertThat(Json.parse("{\"a\":}")).isNull();
        assertThat(Json.parse("{} x")).isNull();
        assertThat(Json.parse("[".repeat(600) + "]".repeat(600))).isNull();
    }

    @Test
    void readsWholeNumbersWithinTheRangeOfALong() {
        Json numbers = Json.parse("[12,12.9,1e3,1e400,99999999999999999999,\"7\",\"x\",true]");
        assertThat(numbers).isNotNull();
        List<Long> read = numbers.items().stream().map(n -> n.integer(-1)).toList();
        assertThat(read).containsExactly(12L, 12L, 1000L, -1L, -1L, 7L, -1L, -1L);
    }

    @Test
    void aNameGivenTwiceHasItsLastValue() {
        Json tree = Json.parse("{\"a\":1,\"a\":2}");
        assertThat(tree).isNotNull();
        assertThat(tree.get("a").integer(0)).isEqualTo(2);
    }

    @Test
    void aBuilderLeavesOutWhatIsNull() {
        Json built = Json.object()
                .put("a", (String) null)
                .put("b", 1)
                .putUnlessEmpty("c", List.of())
                .build();
        assertThat(built.toJson()).isEqualTo("{\"b\":1}");
        assertThat(built.with("b", null).with("d", Json.of(true)).toJson()).isEqualTo("{\"d\":true}");
        assertThat(Json.array(List.of()).plus(Json.none()).toJson()).isEqualTo("[null]");
    }
}
