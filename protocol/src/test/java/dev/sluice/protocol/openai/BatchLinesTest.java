package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.junit.jupiter.params.provider.ValueSource;

/** An id {@code s-NAME} is written as {@code NAME}, a model {@code m-NAME} as {@code NAME}, and {@code short} as {@code longer-name}. */
class BatchLinesTest {
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
                "{'file_id':'s-\\u0061'} | {'file_id':'a'       }",
                "{'container':'s-c','conversation':'s-d'} | {'container':'c'  ,'conversation':'d'  }",
                "{'body':{'model':'m-a','n':1}} | {'body':{'model':'a'  ,'n':1}}",
                "{'body' : { 'n':[{}], 'model' : 'm-a' }} | {'body' : { 'n':[{}], 'model' : 'a'   }}",
                "{'b\\u006fdy':{'mo\\u0064el':'\\u006d-a'}} | {'b\\u006fdy':{'mo\\u0064el':'a'       }}",
                "{'body':{'model':'m-a','model':'m-b'},'body':{'model':'m-c'}} | {'body':{'model':'a'  ,'model':'b'  },'body':{'model':'c'  }}",
                "{'body':{}}{'body':{'model':'m-a'}} | {'body':{}}{'body':{'model':'a'  }}",
                "{'model':'m-a','other':{'model':'m-b'}} | {'model':'m-a','other':{'model':'m-b'}}",
                "{'body':{'metadata':{'model':'m-a'},'tools':[{'model':'m-b'}]}} | {'body':{'metadata':{'model':'m-a'},'tools':[{'model':'m-b'}]}}",
                "{'body':{'input':{'body':{'model':'m-a'}}},'n':{'model':'m-b'}} | {'body':{'input':{'body':{'model':'m-a'}}},'n':{'model':'m-b'}}",
                "{'body':{'text':'model','other':'m-a'}} | {'body':{'text':'model','other':'m-a'}}",
                "{'body':{'text':'\\'model\\':\\'m-a\\''}} | {'body':{'text':'\\'model\\':\\'m-a\\''}}",
                "{'body':[{'model':'m-a'}]} | {'body':[{'model':'m-a'}]}",
                "{'body':'model','model':'m-a'} | {'body':'model','model':'m-a'}",
                "{'body':{'model':'short'},'id':'s-b'} | {'body':{'model':'longer-name'},'id':'b'  }",
            })
    void replacesWhatRequestsNameAndMovesNothingForIt(String line, String expected) {
        assertThat(rewritten(line.replace('\'', '"'), 1000)).isEqualTo(expected.replace('\'', '"'));
        assertThat(rewritten(line.replace('\'', '"'), 1)).isEqualTo(expected.replace('\'', '"'));
    }

    @Test
    void aBrokenLineDoesNoHarmToTheNext() {
        assertThat(rewritten("name=\"x; {\n{\"file_id\":\"s-a\"}\n{\"metadata\":{\n{\"id\":\"s-b\"}\n", 7))
                .isEqualTo("name=\"x; {\n{\"file_id\":\"a\"  }\n{\"metadata\":{\n{\"id\":\"b\"  }\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'body':+{'model':'m-a'}} | 1 ends inside an object",
                "{}+{'id':'x+','body':{}} | 2 ends inside a string",
                "{}+[{'body':{'model':'m-a'}}] | 2 holds an array",
                "{'body':^{'model':'m-a'}} | 1 holds a control character",
                "{'body':{'model':'m-\\x'}} | 1 names a model in a string that is no JSON",
                "{'id':'x | 1 ends inside a string",
                "{'body':{'model': null}} | 1 names a model that is no string",
                "{'body':{'model':['m-a']}} | 1 names a model that is no string",
                "{'body':{'model':'m-b'},'n':[1,+{'body':{'model':'m-a'}} | 1 ends inside an object",
                "+{'a':1}{'b':'-'}+ x+ |",
            })
    void tellsOfLinesThatMaySayAnotherThingThanWhatIsSeen(String text, @Nullable String expected) {
        for (int size : new int[] {1, 1000}) {
            Told told = new Told();
            rewritten(text.replace('\'', '"').replace('+', '\n').replace('^', '\0'), size, told);
            if (expected == null) assertThat(told.problems).isEmpty();
            else assertThat(told.problems).first().isEqualTo(expected);
        }
    }

    @Test
    void aModelIsToldOfWithItsLine() {
        Told told = new Told();
        rewritten(
                "{\"body\":{\"model\":\"a\"}}\n\r\n{\"body\":{\"model\":\"b\"}}\r\n{\"body\":{\"model\":\"a\"}}\n{\"model\":\"c\"}{}",
                3,
                told);
        assertThat(told.models).containsExactly("1 a", "3 b", "4 a", "5 ", "5 ");
        assertThat(told.problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 10_000})
    void aModelThatIsTooLongToBeHeldBackIsToldOf(int size) {
        for (String letter : new String[] {"x", "\\\\"}) {
            Told told = new Told();
            rewritten("{\"body\":{\"model\":\"" + letter.repeat(500) + "\"}}", size, told);
            assertThat(told.problems).containsExactly("1 names a model of more than 400 bytes");
            assertThat(told.models).isEmpty();
        }
    }

    @Test
    void noMoreIsHeldBackThanAnIdIsLong() {
        BatchLines lines = new BatchLines(new Told());
        assertThat(lines.feed("{\"file_id\":\"s-".getBytes(UTF_8))).asString().isEqualTo("{\"file_id\":");
        assertThat(lines.held()).isEqualTo(3);
        byte[] escapes = "\\\\".repeat(1_000).getBytes(UTF_8);
        assertThat(lines.feed(escapes)).hasSize(3 + escapes.length);
        byte[] much = "x".repeat(10_000).getBytes(UTF_8);
        assertThat(lines.feed(much)).hasSize(much.length);
        assertThat(lines.feed("\",\"id\":\"s-b\"}".getBytes(UTF_8))).asString().isEqualTo("\",\"id\":\"b\"  }");
        assertThat(lines.end()).isEmpty();
    }

    @Property
    void anyChunksGiveTheSame(@ForAll("texts") String text, @ForAll @IntRange(min = 1, max = 50) int size) {
        Told ofWhole = new Told();
        Told ofChunks = new Told();
        String whole = rewritten(text, Integer.MAX_VALUE, ofWhole);
        assertThat(rewritten(text, size, ofChunks)).isEqualTo(whole);
        assertThat(ofChunks.models).isEqualTo(ofWhole.models);
        assertThat(ofChunks.problems).isEqualTo(ofWhole.problems);
        if (!ofWhole.models.toString().contains("short")) assertThat(whole).hasSameSizeAs(text);
    }

    /** Whoever reads a file line by line as JSON sees the models that are told of, in every line that nothing is told against. */
    @Property
    void whatIsToldIsWhatAReaderOfJsonSees(@ForAll("texts") String text) {
        Told told = new Told();
        rewritten(text, 7, told);
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String at = i + 1 + " ";
            if (told.problems.stream().anyMatch(problem -> problem.startsWith(at))) continue;
            Json line = Json.parse(lines[i].getBytes(UTF_8));
            String model = line == null ? "" : line.get("body").get("model").text("");
            if (!model.isEmpty()) assertThat(told.models).contains(at + model);
        }
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
                        "{\"body\":{",
                        "\n{\"body\":{\"model\":\"m-a\",",
                        "\"n\":1}}\n",
                        "\"model\":",
                        "\"m-a\"",
                        "\"m-\\u0062\"",
                        "\"short\"",
                        "\r",
                        "\0",
                        "x")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    /** Replaces what it knows, and keeps what it is told. */
    private static final class Told implements BatchLines.Rewriter {
        final List<String> models = new ArrayList<>();
        final List<String> problems = new ArrayList<>();

        @Override
        public @Nullable String id(String id) {
            return id.startsWith("s-") ? id.substring(2) : null;
        }

        @Override
        public @Nullable String model(String model, long line) {
            models.add(line + " " + model);
            return model.startsWith("m-") ? model.substring(2) : model.equals("short") ? "longer-name" : null;
        }

        @Override
        public void unreadable(long line, String why) {
            problems.add(line + " " + why);
        }
    }

    private static String rewritten(String text, int size) {
        return rewritten(text, size, new Told());
    }

    private static String rewritten(String text, int size, Told told) {
        BatchLines lines = new BatchLines(told);
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
