package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.WireFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {
    private static final WireFormat CHAT = OpenAi.chatCompletions();

    @Test
    void readsAChatCompletion() {
        Answer.Complete answer = complete(CHAT, """
                {"id":"c","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","logprobs":null,
                 "message":{"role":"assistant","content":"Hel\\u006co\\n","refusal":null,"annotations":[]}}],
                 "usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,
                   "prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0,"cache_write_tokens":3},
                   "completion_tokens_details":{"reasoning_tokens":5,"audio_tokens":0}}}
                """);
        assertThat(answer.usage()).isEqualTo(new Usage(9, 4, 3, 12, 5));
        assertThat(text(answer.output())).isEqualTo("Hello\n");
    }

    @Test
    void samplesEverythingThatWasGenerated() {
        Answer.Complete answer = complete(CHAT, """
                {"choices":[
                 {"message":{"reasoning_content":"why ","reasoning":"why ","content":"one "}},
                 {"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"deep "}]},{"type":"text","text":"two "}]}},
                 {"message":{"content":null,"refusal":"no ","tool_calls":[
                   {"id":"call_1","type":"function","function":{"name":"get ","arguments":"{\\"a\\":1} "}},
                   {"id":"call_2","type":"function","function":{"name":"put ","arguments":{"b": 2}}}]}},
                 {"message":{"function_call":{"name":" old ","arguments":"{}"},"audio":{"id":"a","transcript":" said","data":"QUJD"}}}
                ]}
                """);
        assertThat(answer.usage()).isNull();
        assertThat(text(answer.output())).isEqualTo("why one deep two no get {\"a\":1} put {\"b\": 2} old {} said");
    }

    @Test
    void readsACompletion() {
        Answer.Complete answer = complete(
                OpenAi.completions(),
                "{\"object\":\"text_completion\",\"choices\":[{\"text\":\"ab\"},{\"text\":\"cd\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}");
        assertThat(answer.usage()).isEqualTo(Usage.of(1, 2));
        assertThat(text(answer.output())).isEqualTo("abcd");
    }

    @Test
    void readsAResponse() {
        Answer.Complete answer = complete(OpenAi.responses(), """
                {"id":"resp_1","object":"response","status":"completed","error":null,"incomplete_details":null,"output":[
                 {"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"think "}]},
                 {"type":"message","id":"msg","status":"completed","role":"assistant","content":[
                   {"type":"output_text","text":"Hi ","annotations":[]},{"type":"refusal","refusal":"no "}]},
                 {"type":"function_call","call_id":"c","name":"f","arguments":"{}","status":"completed"}],
                 "text":{"format":{"type":"text"}},
                 "usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":30},"output_tokens":87,
                   "output_tokens_details":{"reasoning_tokens":80},"total_tokens":123}}
                """);
        assertThat(answer.usage()).isEqualTo(new Usage(36, 30, 0, 87, 80));
        assertThat(text(answer.output())).isEqualTo("think Hi no f{}");
    }

    @Test
    void readsEmbeddings() {
        Answer.Complete answer = complete(
                OpenAi.embeddings(),
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.1,-2e-3]}],\"model\":\"e\",\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}");
        assertThat(answer).isEqualTo(new Answer.Complete(Usage.of(8, 0), TextSample.EMPTY));
        assertThat(complete(OpenAi.embeddings(), "{\"data\":{\"embedding\":[1]},\"usage\":{\"total_tokens\":3}}")
                        .usage())
                .isEqualTo(Usage.of(3, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OpenAI | {'prompt_tokens':10,'completion_tokens':5,'total_tokens':15} | 10,0,0,5,0",
                "details null | {'prompt_tokens':10,'completion_tokens':5,'prompt_tokens_details':null,'completion_tokens_details':null} | 10,0,0,5,0",
                "DeepSeek | {'prompt_tokens':10,'completion_tokens':5,'prompt_cache_hit_tokens':6,'prompt_cache_miss_tokens':4} | 10,6,0,5,0",
                "DeepSeek both | {'prompt_cache_hit_tokens':6,'prompt_tokens':10,'prompt_tokens_details':{'cached_tokens':0},'completion_tokens':5} | 10,6,0,5,0",
                "Moonshot | {'prompt_tokens':10,'completion_tokens':5,'cached_tokens':7} | 10,7,0,5,0",
                "responses | {'input_tokens':10,'output_tokens':5,'output_tokens_details':{'reasoning_tokens':2}} | 10,0,0,5,2",
                "xAI reasoning outside | {'prompt_tokens':10,'completion_tokens':5,'total_tokens':35,'completion_tokens_details':{'reasoning_tokens':20}} | 10,0,0,25,20",
                "Gemini thoughts untold | {'prompt_tokens':10,'completion_tokens':5,'total_tokens':35} | 10,0,0,25,0",
                "cache outside | {'prompt_tokens':10,'completion_tokens':5,'total_tokens':115,'cache_read_input_tokens':80,'cache_creation_input_tokens':20} | 110,80,20,5,0",
                "cache inside | {'prompt_tokens':110,'completion_tokens':5,'total_tokens':115,'cache_read_input_tokens':80,'cache_creation_input_tokens':20} | 110,80,20,5,0",
                "no prompt | {'completion_tokens':5,'total_tokens':15} | 10,0,0,5,0",
                "only total | {'total_tokens':15} | 15,0,0,0,0",
                "all null | {'prompt_tokens':null,'completion_tokens':null} | none",
                "empty | {} | none",
                "not an object | 17 | none",
                "text | 'many' | none",
                "negative | {'prompt_tokens':-5,'completion_tokens':3} | 0,0,0,3,0",
                "absurd | {'prompt_tokens':9223372036854775807,'completion_tokens':1e300} | 1099511627776,0,0,1099511627776,0",
                "cached above input | {'prompt_tokens':5,'completion_tokens':1,'prompt_tokens_details':{'cached_tokens':50,'cache_write_tokens':9}} | 5,5,0,1,0",
                "fractions | {'prompt_tokens':10.0,'completion_tokens':5.0} | 10,0,0,5,0"
            })
    void normalisesUsage(String vendor, String usage, String expected) {
        Usage told =
                complete(CHAT, json("{'choices':[{}],'usage':" + usage + "}")).usage();
        String normal = told == null
                ? "none"
                : told.inputTokens() + "," + told.cachedInputTokens() + "," + told.cacheWrittenTokens() + ","
                        + told.outputTokens() + "," + told.reasoningTokens();
        assertThat(normal).as(vendor).isEqualTo(expected);
    }

    @Test
    void findsUsageWhereVendorsHideIt() {
        assertThat(complete(CHAT, json("{'choices':[{'usage':{'prompt_tokens':1,'completion_tokens':2}}]}"))
                        .usage())
                .isEqualTo(Usage.of(1, 2));
        assertThat(complete(
                                CHAT,
                                json(
                                        "{'choices':[{}],'x_groq':{'id':'r','usage':{'prompt_tokens':1,'completion_tokens':2}}}"))
                        .usage())
                .isEqualTo(Usage.of(1, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OpenRouter | {'error':{'code':402,'message':'Insufficient credits'},'user_id':'u'} | 402 | Insufficient credits",
                "error beside choices | {'choices':[{}],'error':{'message':'late','code':'x'}} | x | late",
                "error text | {'error':'model not loaded'} | `` | model not loaded",
                "vLLM flat | {'object':'error','message':'bad','type':'BadRequestError','param':null,'code':400} | 400 | bad",
                "MiniMax | {'base_resp':{'status_code':1004,'status_msg':'login fail'},'choices':null} | 1004 | login fail",
                "MiniMax beside choices | {'choices':[{}],'base_resp':{'status_code':1027,'status_msg':'sensitive'}} | 1027 | sensitive",
                "Spark | {'code':10013,'message':'refused','sid':'s'} | 10013 | refused",
                "DashScope | {'code':'Throttling.RateQuota','message':'slow down','request_id':'r'} | Throttling.RateQuota | slow down",
                "Tencent | {'Response':{'Error':{'Code':'AuthFailure','Message':'no'},'RequestId':'r'}} | AuthFailure | no",
                "Google list | [{'error':{'code':429,'message':'quota','status':'RESOURCE_EXHAUSTED'}}] | 429 | quota",
                "choice error | {'choices':[{'error':{'code':502,'message':'cut'},'finish_reason':'error'}]} | 502 | cut",
                "reason error | {'choices':[{'message':{'content':'secret'},'finish_reason':'error'}]} | upstream_error | the upstream told of an error without a message",
                "FastAPI | {'detail':'Not Found'} | `` | Not Found"
            })
    void seesAnErrorInASuccess(String vendor, String body, String code, String message) {
        UpstreamError error = failed(CHAT, json(body));
        assertThat(error.message()).as(vendor).isEqualTo(message);
        assertThat(error.code() == null ? "" : error.code()).as(vendor).isEqualTo(code);
    }

    @Test
    void takesASuccessThatLooksLikeAnErrorForASuccess() {
        for (String body : new String[] {
            "{'code':0,'message':'Success','sid':'s','choices':[{'message':{'content':'x'}}]}",
            "{'code':200,'choices':[{'message':{'content':'x'}}]}",
            "{'code':'200','choices':[{'message':{'content':'x'}}]}",
            "{'base_resp':{'status_code':0,'status_msg':''},'choices':[{'message':{'content':'x'}}]}",
            "{'error':null,'choices':[{'message':{'content':'x'}}]}",
            "{'error':'','choices':[{'message':{'content':'x'}}]}",
            "{'error':false,'choices':[{'message':{'content':'x'}}]}",
            "{'choices':[{'message':{'content':'x'},'error':null}]}"
        }) {
            assertThat(text(complete(CHAT, json(body)).output())).as(body).isEqualTo("x");
        }
    }

    @Test
    void seesAFailedResponse() {
        String body =
                "{'id':'r','status':'failed','error':{'code':'server_error','message':'The model failed'},'output':[]}";
        assertThat(failed(OpenAi.responses(), json(body)))
                .isEqualTo(new UpstreamError("The model failed", "server_error", null, null));
        assertThat(failed(OpenAi.responses(), json("{'status':'failed','error':null,'output':[{'text':'secret'}]}"))
                        .code())
                .isEqualTo("upstream_error");
    }

    @Test
    void takesABackgroundResponseForAnAnswer() {
        assertThat(complete(OpenAi.responses(), json("{'status':'queued','error':null,'output':[],'usage':null}")))
                .isEqualTo(new Answer.Complete(null, TextSample.EMPTY));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | the answer is empty",
                "` \n\n` | the answer is empty",
                "{} | the answer has no choices",
                "{'choices':[]} | the answer has no choices",
                "{'choices':null} | the answer has no choices",
                "{'choices':[{'message':{'content':'x'}} | the answer is not valid JSON (byte 39: the document ends too early)",
                "[] | the answer is not a JSON object",
                "'hello' | the answer is not a JSON object",
                "<html>busy</html> | the answer is not valid JSON (byte 0: expected a value)"
            })
    void refusesWhatIsNotAnAnswer(String body, String why) {
        assertThat(inspect(CHAT, json(body))).isEqualTo(new Answer.Malformed(why));
    }

    @Test
    void refusesAnswersOfOtherOperations() {
        assertThat(inspect(OpenAi.responses(), json("{'choices':[{}]}")))
                .isEqualTo(new Answer.Malformed("the answer has no output"));
        assertThat(inspect(OpenAi.embeddings(), json("{'choices':[{}]}")))
                .isEqualTo(new Answer.Malformed("the answer has no data"));
        assertThat(inspect(OpenAi.embeddings(), json("{'data':null}")))
                .isEqualTo(new Answer.Malformed("the answer has no data"));
    }

    @Test
    void passesKeepAliveLinesBeforeTheBody() {
        assertThat(complete(CHAT, "\n\n\r\n: keep-alive\n\n  {\"choices\":[{}]}\n")
                        .usage())
                .isNull();
    }

    @Test
    void passesAByteOrderMarkBeforeTheBody() {
        assertThat(complete(CHAT, "\uFEFF{\"choices\":[{}]}").usage()).isNull();
        assertThat(complete(CHAT, "\uFEFF\n {\"choices\":[{}]}").usage()).isNull();
    }

    @Test
    void readsOnlyTheGivenRange() {
        byte[] body = "xx{\"choices\":[{}]}yy".getBytes(UTF_8);
        assertThat(CHAT.inspect(body, 2, body.length - 2)).isEqualTo(new Answer.Complete(null, TextSample.EMPTY));
    }

    @Test
    void boundsTheSampleOfALongAnswer() {
        String text = "0123456789\\n".repeat(1000);
        TextSample output = complete(CHAT, json("{'choices':[{'message':{'content':'" + text + "'}}]}"))
                .output();
        assertThat(output.head()).hasSize(TextSample.MAX_HEAD);
        assertThat(output.totalBytes()).isEqualTo(11_000);
        assertThat(text(output)).isEqualTo("0123456789\n".repeat(1000).substring(0, TextSample.MAX_HEAD));
    }

    private static Answer inspect(WireFormat format, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return format.inspect(bytes, 0, bytes.length);
    }

    private static Answer.Complete complete(WireFormat format, String body) {
        Answer answer = inspect(format, body);
        assertThat(answer).isInstanceOf(Answer.Complete.class);
        return (Answer.Complete) answer;
    }

    private static UpstreamError failed(WireFormat format, String body) {
        Answer answer = inspect(format, body);
        assertThat(answer).isInstanceOf(Answer.Failed.class);
        return ((Answer.Failed) answer).error();
    }

    private static String text(TextSample sample) {
        return new String(sample.head(), UTF_8);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
