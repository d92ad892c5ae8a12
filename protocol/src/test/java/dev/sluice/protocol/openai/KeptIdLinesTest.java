package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An id {@code s-NAME} is written as {@code NAME}. */
class KeptIdLinesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'body':{'previous_response_id':'s-r','n':1}} | {'body':{'previous_response_id':'r'  ,'n':1}}",
                "{'body':{'input':[{'file_id' : 's-f'}]}} | {'body':{'input':[{'file_id' : 'f'  }]}}",
                "{'file_ids':['s-a','x',{'k':'s-v'},'s-b']} | {'file_ids':['a'  ,'x',{'k':'s-v'},'s-b']}",
                "{'custom_id':'s-a','id':'s-b'} | {'custom_id':'s-a','id':'b'  }",
                "{'metadata':{'file_id':'s-a','x':{'id':'s-b'}},'id':'s-c'} | {'metadata':{'file_id':'s-a','x':{'id':'s-b'}},'id':'c'  }",
                "{'metadata':'m','file_id':'s-a'} | {'metadata':'m','file_id':'a'  }",
                "{'text':'file_id','other':'s-a'} | {'text':'file_id','other':'s-a'}",
                "{'text':'\\\"file_id\\\":\\\"s-a\\\"'} | {'text':'\\\"file_id\\\":\\\"s-a\\\"'}",
                "{'file_id':'s-\\u0061'} | {'file_id':'s-\\u0061'}",
                "{'container':'s-c','conversation':'s-d'} | {'container':'c'  ,'conversation':'d'  }",
            })
    void replacesWhatMembersOfRequestsNameAndMovesNothing(String line, String expected) {
        assertThat(rewritten(line.replace('\'', '"'), 1000)).isEqualTo(expected.replace('\'', '"'));
        assertThat(rewritten(line.replace('\'', '"'), 1)).isEqualTo(expected.replace('\'', '"'));
    }

    @Test
    void aBrokenLineDoesNoHarmToTheNext() {
        assertThat(rewritten("name=\"x; {\n{\"file_id\":\"s-a\"}\n{\"metadata\":{\n{\"id\":\"s-b\"}\n", 7))
                .isEqualTo("name=\"x; {\n{\"file_id\":\"a\"  }\n{\"metadata\":{\n{\"id\":\"b\"  }\n");
    }

    @Test
    void noMoreIsHeldBackThanAnIdIsLong() {
        KeptIdLines lines = new KeptIdLines(KeptIdLinesTest::open);
        assertThat(lines.feed("{\"file_id\":\"s-".getBytes(UTF_8))).asString().isEqualTo("{\"file_id\":");
        byte[] much = "x".repeat(10_000).getBytes(UTF_8);
        assertThat(lines.feed(much)).hasSize(3 + much.length + 0);
        assertThat(lines.feed("\",\"id\":\"s-b\"}".getBytes(UTF_8))).asString().isEqualTo("\",\"id\":\"b\"  }");
        assertThat(lines.end()).isEmpty();
    }

    @Property
    void anyChunksGiveTheSameOfTheSameLength(
            @ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 50) int size) {
        String whole = rewritten(text, Integer.MAX_VALUE);
        assertThat(rewritten(text, size)).isEqualTo(whole);
        assertThat(whole).hasSameSizeAs(text);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"",
                        "\\",
                        "\n",
                        " ",
                        "\"id\":",
                        "\"s-a\"",
                        "\"metadata\":{",
                        "x")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    private static @Nullable String open(String id) {
        return id.startsWith("s-") ? id.substring(2) : null;
    }

    private static String rewritten(String text, int size) {
        KeptIdLines lines = new KeptIdLines(KeptIdLinesTest::open);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(UTF_8);
        for (int i = 0; i < bytes.length; ) {
            int to = (int) Math.min(bytes.length, (long) i + size);
            out.writeBytes(lines.feed(Arrays.copyOfRange(bytes, i, to)));
            i = to;
        }
        out.writeBytes(lines.end());
        return out.toString(UTF_8);
    }
}
