package dev.sluice.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    private enum Name {
        MODEL,
        N,
        LIST,
        OTHER
    }

    private static final Keys<Name> NAMES = Keys.of(Name.class, Name.OTHER);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "0",
                "-0",
                "1.5e+10",
                "1E5",
                "\"\"",
                "true",
                "false",
                "null",
                " \t\r\n{ } \n",
                "{\"a\":[1,{\"b\":[]},\"\"]}",
                "[[],[[]],{}]",
                "\"\\u00e9\\ud83d\\ude00\\/\\\"\"",
                "\"\\ud800\"",
                "\"é中😀\"",
                "[1 , 2\n,3]",
                "\"exactly eight or more bytes \\n here\"",
                "{\"\":null}"
            })
    void acceptsWhatTheGrammarAllows(String json) {
        assertThat(failure(json.getBytes(UTF_8))).isEqualTo("valid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | byte 0: the document ends too early",
                "`   ` | byte 3: the document ends too early",
                "{ | byte 1: the document ends too early",
                "{\"a\" | byte 4: the document ends too early",
                "{\"a\": | byte 5: the document ends too early",
                "{\"a\":1 | byte 6: the document ends too early",
                "{\"a\":1,} | byte 7: expected a member name in double quotes",
                "{a:1} | byte 1: expected a member name in double quotes",
                "{\"a\" 1} | byte 5: expected ':'",
                "{\"a\":1 \"b\":2} | byte 7: expected ',' or '}'",
                "[1 2] | byte 3: expected ',' or ']'",
                "[1,] | byte 3: expected a value",
                "[1} | byte 2: expected ',' or ']'",
                "[{\"a\":1] | byte 7: expected ',' or '}'",
                "01 | byte 1: more follows after the end of the document",
                "1. | byte 2: expected a digit",
                "-x | byte 1: expected a digit",
                "1e+ | byte 3: expected a digit",
                "+1 | byte 0: expected a value",
                ".5 | byte 0: expected a value",
                "NaN | byte 0: expected a value",
                "tru | byte 0: expected true",
                "nulL | byte 0: expected null",
                "'a' | byte 0: expected a value",
                "\"a | byte 2: the document ends inside a string",
                "\"a\\x\" | byte 2: unknown escape sequence",
                "\"\\u12g4\" | byte 1: expected four hexadecimal digits",
                "{} {} | byte 3: more follows after the end of the document",
                "{}, | byte 2: more follows after the end of the document"
            })
    void saysWhatIsWrongAndWhere(String json, String failure) {
        assertThat(failure(json.getBytes(UTF_8))).isEqualTo(failure);
    }

    @Test
    void refusesControlCharactersInStrings() {
        for (int c = 0; c < ' '; c++) {
            byte[] json = ("\"padding!" + (char) c + "\"").getBytes(UTF_8);
            assertThat(failure(json)).isEqualTo("byte 9: a control character in a string must be escaped");
        }
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        int[][] broken = {
            {0x80},
            {0xC0, 0x80},
            {0xC1, 0xBF},
            {0xC3},
            {0xC3, 0x28},
            {0xE0, 0x80, 0x80},
            {0xE2, 0x82},
            {0xED, 0xA0, 0x80},
            {0xF0, 0x80, 0x80, 0x80},
            {0xF4, 0x90, 0x80, 0x80},
            {0xF5, 0x80, 0x80, 0x80},
            {0xFF}
        };
        for (int[] bytes : broken) {
            byte[] json = new byte[bytes.length + 2];
            json[0] = '"';
            for (int i = 0; i < bytes.length; i++) json[i + 1] = (byte) bytes[i];
            json[json.length - 1] = '"';
            assertThat(failure(json)).isEqualTo("byte 1: not UTF-8");
        }
    }

    @Test
    void refusesAByteOrderMarkByName() {
        byte[] json = "\uFEFF{}".getBytes(UTF_8);
        assertThat(failure(json)).isEqualTo("byte 0: starts with a byte order mark, which JSON does not allow");
    }

    @Test
    void refusesAnotherEncoding() {
        assertThat(failure(new byte[] {(byte) 0xFF, (byte) 0xFE, '{', 0, '}', 0}))
                .isEqualTo("byte 0: not UTF-8 encoded JSON");
    }

    @Test
    void boundsNestingWhetherStepsGoInOrOver() {
        assertThat(failure(nested(JsonScanner.MAX_DEPTH))).isEqualTo("valid");
        byte[] deeper = nested(JsonScanner.MAX_DEPTH + 1);
        assertThat(failure(deeper)).isEqualTo("byte 512: nested deeper than 512 levels");

        JsonScanner scanner = new JsonScanner().reset(deeper, 0, deeper.length);
        int entered = 0;
        while (scanner.enter()) entered++;
        assertThat(entered).isEqualTo(JsonScanner.MAX_DEPTH);
        assertThat(scanner.failure()).contains("nested deeper");

        scanner.reset(deeper, 0, deeper.length);
        for (int i = 0; i < 100; i++) scanner.enter();
        assertThat(scanner.skip()).isFalse();
        assertThat(scanner.failure()).isEqualTo("byte 512: nested deeper than 512 levels");
    }

    @Test
    void keepsObjectsAndArraysApartOnEveryLevel() {
        StringBuilder json = new StringBuilder();
        StringBuilder close = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            boolean array = i % 3 == 0;
            json.append(array ? "[1," : "{\"k\":0,\"v\":");
            close.insert(0, array ? ']' : '}');
        }
        assertThat(failure((json + "0" + close).getBytes(UTF_8))).isEqualTo("valid");
        close.setCharAt(250, close.charAt(250) == ']' ? '}' : ']');
        assertThat(failure((json + "0" + close).getBytes(UTF_8))).contains("expected ',' or");
    }

    @Test
    void findsMembersUnderEscapedNames() {
        List<Name> found = new ArrayList<>();
        JsonScanner scanner =
                over("{\"mod\\u0065l\":1,\"\\u006e\":2,\"Model\":3,\"modell\":4,\"\":5,\"\\uD83D\\uDE00\":6}");
        scanner.enter();
        while (scanner.nextMember()) found.add(scanner.key(NAMES));
        assertThat(scanner.finish()).isTrue();
        assertThat(found).containsExactly(Name.MODEL, Name.N, Name.OTHER, Name.OTHER, Name.OTHER, Name.OTHER);
    }

    @Test
    void stepsOverValuesThatNobodyTakes() {
        JsonScanner scanner = over("{\"a\":[1,{\"b\":2}],\"list\":[\"x\",[],true,7],\"n\":5}");
        List<JsonType> types = new ArrayList<>();
        long n = 0;
        scanner.enter();
        while (scanner.nextMember()) {
            if (scanner.key(NAMES) == Name.N) n = scanner.takeLong(-1);
            if (scanner.key(NAMES) != Name.LIST) continue;
            scanner.enter();
            while (scanner.nextElement()) types.add(scanner.type());
        }
        assertThat(scanner.finish()).isTrue();
        assertThat(types).containsExactly(JsonType.STRING, JsonType.ARRAY, JsonType.TRUE, JsonType.NUMBER);
        assertThat(n).isEqualTo(5);
    }

    @Test
    void knowsWhereMembersBegin() {
        JsonScanner scanner = over("{ \"a\" : 1 , \"b\":[ 2 ]}");
        scanner.enter();
        scanner.nextMember();
        assertThat(scanner.commaBefore()).isEqualTo(-1);
        assertThat(scanner.memberFrom()).isEqualTo(2);
        scanner.nextMember();
        assertThat(scanner.commaBefore()).isEqualTo(10);
        assertThat(scanner.memberFrom()).isEqualTo(12);
        scanner.skip();
        assertThat(scanner.valueFrom()).isEqualTo(16);
        assertThat(scanner.valueTo()).isEqualTo(21);
    }

    @Test
    void decodesStrings() {
        assertThat(over("\"plain é中😀\"").takeString()).isEqualTo("plain é中😀");
        assertThat(over("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u4E2d\\ud83d\\uDE00 x\"")
                        .takeString())
                .isEqualTo("\"\\/\b\f\n\r\té中😀 x");
        assertThat(over("\"\\u0000\"").takeString()).isEqualTo("\0");
        assertThat(over("17").takeString()).isNull();
    }

    @Test
    void decodesHalfASurrogatePairAsReplacement() {
        assertThat(over("\"a\\ud83db\"").takeString()).isEqualTo("a\uFFFDb");
        assertThat(over("\"\\ude00\"").takeString()).isEqualTo("\uFFFD");
        assertThat(over("\"\\ud83d\\ud83d\\ude00\"").takeString()).isEqualTo("\uFFFD😀");
        assertThat(over("\"\\ud83d\\n\"").takeString()).isEqualTo("\uFFFD\n");
    }

    @Test
    void countsTheWholeTextWhenOnlyItsBeginningFits() {
        byte[] json = "ab\\ncd\\u00e9".getBytes(UTF_8);
        byte[] out = new byte[4];
        assertThat(JsonString.unescape(json, 0, json.length, out, 0)).isEqualTo(7);
        assertThat(new String(out, UTF_8)).isEqualTo("ab\nc");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0,0",
        "17,17",
        "-17,-17",
        "9223372036854775807,9223372036854775807",
        "-9223372036854775808,-9223372036854775808",
        "9223372036854775808,9223372036854775807",
        "-99999999999999999999999,-9223372036854775808",
        "1e3,1000",
        "100.0,100",
        "2.9,2",
        "1e999999999,9223372036854775807",
        "1e-999999999,0",
        "-1e400,-9223372036854775808"
    })
    void readsWholeNumbersInAnySpelling(String json, long value) {
        assertThat(over(json).takeLong(-1)).isEqualTo(value);
    }

    @Test
    void tellsOfLongStrings() {
        byte[] json =
                ("{\"k\":[\"short\",\"" + "x".repeat(20) + "\",{\"y\":\"" + "z".repeat(21) + "\"}]}").getBytes(UTF_8);
        List<String> told = new ArrayList<>();
        JsonScanner scanner = new JsonScanner().reset(json, 0, json.length);
        scanner.skip(20, (from, to) -> told.add(new String(json, from, to - from, UTF_8)));
        assertThat(scanner.finish()).isTrue();
        assertThat(told).containsExactly("z".repeat(21));
    }

    @Test
    void readsOnlyItsRange() {
        byte[] json = "xx[1]yy".getBytes(UTF_8);
        JsonScanner scanner = new JsonScanner().reset(json, 2, 5);
        assertThat(scanner.finish()).isTrue();
        scanner.reset(json, 2, 4);
        assertThat(scanner.finish()).isFalse();
        assertThat(scanner.failure()).isEqualTo("byte 2: the document ends too early");
    }

    @Test
    void staysBrokenUntilReset() {
        JsonScanner scanner = over("[x]");
        scanner.enter();
        scanner.nextElement();
        assertThat(scanner.type()).isEqualTo(JsonType.INVALID);
        assertThat(scanner.skip()).isFalse();
        assertThat(scanner.nextElement()).isFalse();
        assertThat(scanner.enter()).isFalse();
        assertThat(scanner.finish()).isFalse();
        scanner.reset("[]".getBytes(UTF_8), 0, 2);
        assertThat(scanner.finish()).isTrue();
    }

    private static JsonScanner over(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return new JsonScanner().reset(bytes, 0, bytes.length);
    }

    private static String failure(byte[] json) {
        JsonScanner scanner = new JsonScanner().reset(json, 0, json.length);
        return scanner.finish() ? "valid" : scanner.failure();
    }

    private static byte[] nested(int levels) {
        return ("[".repeat(levels) + "]".repeat(levels)).getBytes(UTF_8);
    }
}
