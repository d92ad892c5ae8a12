package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.RequestHead;
import dev.sluice.protocol.Splice;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.WireFormat;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPeekTest {
    private static final WireFormat CHAT = OpenAi.chatCompletions();

    @Test
    void findsTheModelAndItsRange() {
        String body = "{\"messages\":[{\"model\":\"inner\"}], \"model\" : \"gpt-4o\" , \"stream\":false}";
        RequestHead head = head(CHAT, body);
        assertThat(head.model()).isEqualTo("gpt-4o");
        assertThat(body.substring(head.modelFrom(), head.modelTo())).isEqualTo("\"gpt-4o\"");
        assertThat(head.stream()).isFalse();
        assertThat(head.askUsage()).isNull();
        assertThat(head.maxOutputTokens()).isZero();
    }

    @Test
    void readsEscapedNamesAndValues() {
        String body =
                "{\"mod\\u0065l\":\"gp\\u0074-\\\"4\\\"\",\"\\u0073tream\":true,\"stream_options\":{\"include\\u005fusage\":true}}";
        RequestHead head = head(CHAT, body);
        assertThat(head.model()).isEqualTo("gpt-\"4\"");
        assertThat(head.stream()).isTrue();
        assertThat(head.askUsage()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m','stream':true} | {'model':'m','stream':true,'stream_options':{'include_usage':true}}",
                "{'stream' : true , 'model':'m'} | {'stream' : true,'stream_options':{'include_usage':true} , 'model':'m'}",
                "{'model':'m','stream':true,'stream_options':{}} | {'model':'m','stream':true,'stream_options':{'include_usage':true}}",
                "{'stream_options': { 'x':1 },'model':'m','stream':true} | {'stream_options': {'include_usage':true, 'x':1 },'model':'m','stream':true}",
                "{'model':'m','stream':true,'stream_options':{'include_usage': false}} | {'model':'m','stream':true,'stream_options':{'include_usage': true}}",
                "{'model':'m','stream':true,'stream_options':{'a':[],'include_usage':null }} | {'model':'m','stream':true,'stream_options':{'a':[],'include_usage':true }}",
                "{'model':'m','stream':true,'stream_options':null} | {'model':'m','stream':true,'stream_options':{'include_usage':true}}"
            })
    void asksForUsageInAStream(String body, String edited) {
        for (WireFormat format : List.of(CHAT, OpenAi.completions())) {
            byte[] bytes = json(body).getBytes(UTF_8);
            Splice edit = ((RequestHead) format.peek(bytes, Asked.IN_BODY)).askUsage();
            assertThat(edit).isNotNull();
            assertThat(new String(Splice.apply(bytes, List.of(edit)), UTF_8)).isEqualTo(json(edited));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':'m'}",
                "{'model':'m','stream':false,'stream_options':null}",
                "{'model':'m','stream':null}",
                "{'model':'m','stream':true,'stream_options':{'include_usage':true,'continuous_usage_stats':true}}"
            })
    void leavesARequestAloneThatNeedsNoEdit(String body) {
        assertThat(head(CHAT, json(body)).askUsage()).isNull();
    }

    @Test
    void neverAsksWhereUsageComesUnasked() {
        String body = json("{'model':'m','stream':true,'input':'x','stream_options':{'include_obfuscation':false}}");
        assertThat(head(OpenAi.responses(), body).askUsage()).isNull();
        assertThat(head(OpenAi.responses(), body).stream()).isTrue();
        assertThat(head(OpenAi.embeddings(), body).askUsage()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'{}' | model",
                "{'model':null} | model",
                "{'model':17} | model",
                "{'model':['m']} | model",
                "{'model':''} | model",
                "{'model':'m','stream':1} | stream",
                "{'model':'m','stream':'true'} | stream",
                "{'model':'m','stream':{}} | stream",
                "{'model':'m','model':'m'} | model",
                "{'model':'m','mod\\u0065l':'n'} | model",
                "{'stream':true,'model':'m','stream':true} | stream",
                "{'model':'m','stream_options':{},'stream_options':{}} | stream_options",
                "{'model':'m','stream_options':{'include_usage':true,'include_usage':false}} | stream_options.include_usage",
                "{'model':'m','stream_options':{'include_usage':1}} | stream_options.include_usage",
                "{'model':'m','stream_options':[]} | stream_options",
                "{'model':'m','max_tokens':1,'max_tokens':2} | max_tokens",
                "{'model':'m','max_completion_tokens':1,'max_completion_tokens':1} | max_completion_tokens",
                "{'model':'m','max_output_tokens':1,'max_output_tokens':1} | max_output_tokens",
                "{'model':'m','n':1,'n':1} | n",
                "{'model':'m','n':'2'} | n",
                "{'model':'m','max_tokens':'many'} | max_tokens"
            })
    void namesTheFieldAtFault(String body, String param) {
        Peek.Malformed malformed = malformed(json(body.replace("'{}'", "{}")));
        assertThat(malformed.param()).isEqualTo(param);
        assertThat(malformed.message()).startsWith("\"" + param + "\" ");
    }

    @Test
    void allowsOwnedNamesGivenAgainOnAnotherLevel() {
        assertThat(head(CHAT, json("{'model':'m','metadata':{'model':'x','stream':1,'n':'y'},'stop':['model']}"))
                        .model())
                .isEqualTo("m");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | the request body must be a JSON object",
                "'model' | the request body must be a JSON object",
                "`` | the request body is not valid JSON (byte 0: the document ends too early)",
                "{'model':'m' | the request body is not valid JSON (byte 12: the document ends too early)",
                "{'model':'m'}} | the request body is not valid JSON (byte 13: more follows after the end of the document)",
                "{'model':'m','messages':[{]} | the request body is not valid JSON (byte 26: expected a member name in double quotes)",
                "{'model':'m\\x'} | the request body is not valid JSON (byte 11: unknown escape sequence)"
            })
    void refusesWhatIsNotARequest(String body, String message) {
        assertThat(malformed(json(body))).isEqualTo(new Peek.Malformed(message, null));
    }

    @Test
    void doesNotQuoteTheBody() {
        assertThat(malformed("{\"model\":\"m\",\"messages\":\"hunter2\" hunter2}")
                        .message())
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'max_tokens':100 | 100",
                "'max_tokens':100,'n':3 | 300",
                "'n':3,'max_completion_tokens':7 | 21",
                "'max_output_tokens':5 | 5",
                "'max_tokens':10,'max_completion_tokens':20 | 20",
                "'max_tokens':10,'n':2,'best_of':5 | 50",
                "'max_tokens':null,'n':null | 0",
                "'max_tokens':-1 | 0",
                "'max_tokens':10,'n':0 | 10",
                "'max_tokens':1e2 | 100",
                "'n':4 | 0",
                "'max_tokens':9223372036854775807,'n':9223372036854775807 | 1099511627776",
                "'max_tokens':4294967296,'n':4294967296 | 1099511627776",
                "'max_tokens':1e400 | 1099511627776"
            })
    void multipliesTheLimitByTheChoicesWithoutOverflow(String members, long limit) {
        assertThat(head(CHAT, json("{'model':'m'," + members + "}")).maxOutputTokens())
                .isEqualTo(limit);
    }

    @Test
    void samplesWhatBearsText() {
        String body = json(
                "{'model':'m','messages':[{'role':'user','content':'Hi'}],'user':'u-1','tools':[1], 'temperature':0}");
        TextSample input = head(CHAT, body).input();
        assertThat(new String(input.head(), UTF_8)).isEqualTo(json("[{'role':'user','content':'Hi'}][1]"));
        assertThat(input.totalBytes()).isEqualTo(input.head().length);
        assertThat(text(head(OpenAi.responses(), json("{'model':'m','input':'Hi','instructions':'Be kind'}"))
                        .input()))
                .isEqualTo(json("'Hi''Be kind'"));
        assertThat(text(head(OpenAi.completions(), json("{'model':'m','prompt':['a','b']}"))
                        .input()))
                .isEqualTo(json("['a','b']"));
        assertThat(head(CHAT, json("{'model':'m'}")).input().isEmpty()).isTrue();
    }

    @Test
    void boundsTheSampleAndCountsTheRest() {
        String text = "word ".repeat(2000);
        TextSample input =
                head(CHAT, json("{'model':'m','messages':'" + text + "'}")).input();
        assertThat(input.head()).hasSize(TextSample.MAX_HEAD);
        assertThat(input.totalBytes()).isEqualTo(10_002);
    }

    @Test
    void countsInlineMediaAsAFixedSize() {
        String base64 = Base64.getEncoder().encodeToString(new byte[100_000]);
        String url = "data:image/png;base64," + base64;
        String body = json("{'model':'m','messages':[{'url':'" + url + "'},{'url':'" + url.replace("/", "\\/")
                + "'},{'data':'" + base64 + "'},'after']}");
        TextSample input = head(CHAT, body).input();
        assertThat(text(input)).isEqualTo(json("[{'url':''},{'url':''},{'data':''},'after']"));
        assertThat(input.totalBytes()).isEqualTo(input.head().length + 3 * 1000);
    }

    @Test
    void countsLongTextInFull() {
        String[] texts = {"data: these numbers " + "follow ".repeat(300), "字".repeat(600), "a,b".repeat(500)};
        for (String text : texts) {
            TextSample input =
                    head(CHAT, json("{'model':'m','messages':'" + text + "'}")).input();
            assertThat(input.totalBytes()).isEqualTo(text.getBytes(UTF_8).length + 2);
        }
    }

    private static RequestHead head(WireFormat format, String body) {
        Peek peek = format.peek(body.getBytes(UTF_8), Asked.IN_BODY);
        assertThat(peek).isInstanceOf(RequestHead.class);
        return (RequestHead) peek;
    }

    private static Peek.Malformed malformed(String body) {
        Peek peek = CHAT.peek(body.getBytes(UTF_8), Asked.IN_BODY);
        assertThat(peek).isInstanceOf(Peek.Malformed.class);
        return (Peek.Malformed) peek;
    }

    private static String text(TextSample sample) {
        return new String(sample.head(), UTF_8);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
