package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AbridgedTest {
    private static String abridged(String document, int piece) {
        Abridged abridged = new Abridged();
        byte[] bytes = document.getBytes(UTF_8);
        for (int from = 0; from < bytes.length; from += piece)
            abridged.feed(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)));
        byte[] rest = abridged.toBytes();
        return rest == null ? "too much" : new String(rest, UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000_000})
    void theEndsOfLongStringsAreLeftOut(int piece) {
        String document = "{\"data\":[{\"b64_json\":\"" + "x".repeat(500_000) + "\",\"a\":\"b\"},{\"b64_json\":\""
                + "y".repeat(300_000) + "\"}], \"usage\":{\"total_tokens\":7}}";
        assertThat(abridged(document, piece))
                .isEqualTo("{\"data\":[{\"b64_json\":\"" + "x".repeat(256) + "\",\"a\":\"b\"},{\"b64_json\":\""
                        + "y".repeat(256) + "\"}], \"usage\":{\"total_tokens\":7}}");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void characterAndEscapesStayWhole(int piece) {
        for (int before = 250; before <= 256; before++) {
            for (String last : new String[] {"\u20ac", "\\u20ac", "\\\"", "\\\\"}) {
                String document = "[\"" + "x".repeat(before) + last.repeat(9) + "\",1]";
                String rest = abridged(document, piece);
                assertThat(rest).endsWith("\",1]").doesNotContain("\ufffd");
                assertThat(rest.substring(2 + before, rest.length() - 4).replace(last, ""))
                        .as(document)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1_000_000})
    void listsOfNumbersAreEmptied(int piece) {
        assertThat(abridged("{\"e\":[ -0.1, 2e5,3],\"f\":[],\"g\":[[1,[2,\"]\"]],[\"a\"]],\"h\":[{}]}", piece))
                .isEqualTo("{\"e\":[ ],\"f\":[],\"g\":[[],[\"a\"]],\"h\":[{}]}");
    }

    @Test
    void shortDocumentsStayAsTheyAre() {
        String document = "{\"a\":[true,null,\"b\"],\"c\":{\"d\":1.5}} ";
        assertThat(abridged(document, 5)).isEqualTo(document);
    }

    @Test
    void whatIsStillTooMuchIsGivenUp() {
        assertThat(abridged("{\"a\":[" + "null,".repeat(100_000) + "null]}", 1_000_000))
                .isEqualTo("too much");
    }
}
