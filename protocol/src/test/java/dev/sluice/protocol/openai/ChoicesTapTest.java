package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoicesTapTest {
    private final StreamTap tap = OpenAi.chatCompletions().tap();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CONTENT | {'choices':[{'delta':{'content':'a'},'finish_reason':null}]}",
                "CONTENT | {'choices':[{'delta':{}},{'delta':{'content':'a'}}]}",
                "CONTENT | {'choices':[{'delta':{'role':'assistant','content':' '}}]}",
                "CONTENT | {'choices':[{'delta':{'reasoning_content':'a'}}]}",
                "CONTENT | {'choices':[{'delta':{'reasoning':'a'}}]}",
                "CONTENT | {'choices':[{'delta':{'content':'','reasoning_details':[{'type':'reasoning.text','text':'a'}]}}]}",
                "CONTENT | {'choices':[{'delta':{'refusal':'a'}}]}",
                "CONTENT | {'choices':[{'delta':{'tool_calls':[{'index':0,'id':'c','function':{'name':'w','arguments':''}}]}}]}",
                "CONTENT | {'choices':[{'delta':{'function_call':{'name':'w'}}}]}",
                "CONTENT | {'choices':[{'delta':{'audio':{'id':'a','data':'QQ=='}}}]}",
                "CONTENT | {'choices':[{'delta':{'content':[{'type':'thinking','thinking':[]}]}}]}",
                "CONTENT | {'choices':[{'delta':{},'finish_reason':'stop'}]}",
                "CONTENT | {'choices':[{'text':'a'}]}",
                "CONTENT | {'choices':[{'message':{'content':'a'}}]}",
                "CONTENT | {'choices':[{'delta':{'content':'a'}}],'usage':{'prompt_tokens':1,'completion_tokens':1}}",
                "CONTENT | {'code':0,'message':'Success','choices':[{'delta':{'content':'a'}}]}",
                "LIFECYCLE | {'choices':[{'delta':{'role':'assistant','content':''},'finish_reason':null}]}",
                "LIFECYCLE | {'choices':[{'delta':{'role':'assistant','content':null,'tool_calls':[],'function_call':null}}]}",
                "LIFECYCLE | {'choices':[{'delta':{'audio':{},'refusal':null,'reasoning_content':''}}]}",
                "LIFECYCLE | {'choices':[{'delta':{},'finish_reason':''}]}",
                "LIFECYCLE | {'choices':[{'delta':null}]}",
                "LIFECYCLE | {'choices':[{'text':''}]}",
                "LIFECYCLE | {'choices':[],'prompt_filter_results':[{'prompt_index':0}]}",
                "LIFECYCLE | {'choices':[],'usage':null}",
                "LIFECYCLE | {'choices':[{'delta':{}}],'usage':{'prompt_tokens':1}}",
                "LIFECYCLE | {'type':'ping'}",
                "LIFECYCLE | {}",
                "USAGE_ONLY | {'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':7,'total_tokens':12}}",
                "USAGE_ONLY | {'choices':[],'x_groq':{'usage':{'prompt_tokens':5,'completion_tokens':7}}}",
                "USAGE_ONLY | {'usage':{'prompt_tokens':5,'completion_tokens':7}}",
                "ERROR | {'error':{'message':'x'}}",
                "ERROR | {'error':'x'}",
                "ERROR | {'object':'error','message':'x','code':500}",
                "ERROR | {'choices':[{'delta':{'content':'a'},'finish_reason':'error'}]}",
                "ERROR | {'error':{'code':502,'message':'x'},'choices':[{'delta':{'content':''},'finish_reason':'error'}]}",
                "ERROR | {'base_resp':{'status_code':1002,'status_msg':'x'},'choices':[]}",
                "ERROR | {'code':10007,'message':'x','sid':'s'}",
                "ERROR | {'code':'DataInspectionFailed','message':'x'}",
                "ERROR | {'choices':[{'delta':{'content':'a'}}]",
                "ERROR | {'choices':[{'delta':{'content':'a\\x'}}]}",
                "ERROR | not json",
                "ERROR | 17",
                "END | [DONE]"
            })
    void tellsWhatAnEventIs(EventKind kind, String data) {
        for (String form : new String[] {
            "data: %s\n\n", "data:%s\n\n", "data: %s\r\n\r\n", "data: %s\r\r", "data:   %s  \n\n", "data: %s"
        }) {
            assertThat(event(OpenAi.chatCompletions().tap(), form.formatted(json(data))))
                    .as(form)
                    .isEqualTo(kind);
            assertThat(event(OpenAi.completions().tap(), form.formatted(json(data))))
                    .as(form)
                    .isEqualTo(kind);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LIFECYCLE, ': keep-alive~~'",
        "LIFECYCLE, ': OPENROUTER PROCESSING~~'",
        "LIFECYCLE, '~'",
        "LIFECYCLE, ''",
        "LIFECYCLE, 'data:~~'",
        "LIFECYCLE, 'data: ~~'",
        "LIFECYCLE, 'event: ping~data: pong~~'",
        "LIFECYCLE, 'retry: 100~id: 7~~'",
        "LIFECYCLE, '{\"hello\":1}~~'",
        "ERROR, 'event: error~data: {\"message\":\"x\"}~~'",
        "ERROR, 'event: error~data: gone~~'",
        "ERROR, 'event: error~~'",
        "ERROR, '{\"error\":{\"message\":\"x\"}}'",
        "ERROR, 'data: [{\"error\":{\"message\":\"x\"}}]~~'",
        "CONTENT, ': comment~id: 1~data: {\"choices\":[{\"text\":\"a\"}]}~~'",
        "CONTENT, 'data: {\"choices\":~data: [{\"text\":\"a\"}]}~~'"
    })
    void understandsTheFrame(EventKind kind, String event) {
        assertThat(event(tap, event.replace('~', '\n'))).isEqualTo(kind);
    }

    @Test
    void followsAStreamToItsEnd() {
        assertThat(data("{'choices':[{'delta':{'role':'assistant','content':''}}],'usage':null}"))
                .isEqualTo(EventKind.LIFECYCLE);
        assertThat(data("{'choices':[{'delta':{'content':'Hel'}}],'usage':null}"))
                .isEqualTo(EventKind.CONTENT);
        assertThat(data("{'choices':[{'delta':{'content':'lo\\n\\u00e9'}}],'usage':null}"))
                .isEqualTo(EventKind.CONTENT);
        assertThat(tap.isFinished()).isFalse();
        assertThat(tap.usage()).isNull();
        assertThat(data("{'choices':[{'delta':{},'finish_reason':'stop'}],'usage':null}"))
                .isEqualTo(EventKind.CONTENT);
        assertThat(tap.isFinished()).isTrue();
        assertThat(data("{'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':7,'total_tokens':12}}"))
                .isEqualTo(EventKind.USAGE_ONLY);
        assertThat(data("[DONE]")).isEqualTo(EventKind.END);
        assertThat(tap.usage()).isEqualTo(Usage.of(5, 7));
        assertThat(text(tap)).isEqualTo("Hello\né");
        assertThat(tap.error()).isEqualTo(UpstreamError.NONE);
    }

    @Test
    void isFinishedByTheFormatsOwnEnd() {
        data("[DONE]");
        assertThat(tap.isFinished()).isTrue();
    }

    @Test
    void keepsTheNewestOfRunningTotals() {
        data("{'choices':[{'delta':{'content':'a'}}],'usage':{'prompt_tokens':5,'completion_tokens':1}}");
        data("{'choices':[{'delta':{'content':'b'}}],'usage':{'prompt_tokens':5,'completion_tokens':2}}");
        data("{'choices':[{'delta':{},'finish_reason':'stop'}],'usage':null}");
        assertThat(tap.usage()).isEqualTo(Usage.of(5, 2));
        data("{'choices':[{'delta':{},'finish_reason':'stop','usage':{'prompt_tokens':5,'completion_tokens':3}}]}");
        assertThat(tap.usage()).isEqualTo(Usage.of(5, 3));
    }

    @Test
    void samplesToolCallsAndCountsOneThoughtOnce() {
        data(
                "{'choices':[{'delta':{'reasoning':'hm ','reasoning_content':'hm ','reasoning_details':[{'text':'hm '}]}}]}");
        data(
                "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'call_a','type':'function','function':{'name':'w','arguments':''}}]}}]}");
        data("{'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{\\'x\\':1}'}}]}}]}");
        assertThat(text(tap)).isEqualTo("hm w{\"x\":1}");
    }

    @Test
    void doesNotCountAFinalMessageThatRepeatsTheDeltas() {
        data("{'object':'chat.completion.chunk','choices':[{'delta':{'content':'all'}}]}");
        data(
                "{'object':'chat.completion','choices':[{'finish_reason':'stop','message':{'content':'all'}}],'usage':{'total_tokens':9}}");
        assertThat(text(tap)).isEqualTo("all");
        assertThat(tap.usage()).isEqualTo(Usage.of(9, 0));
    }

    @Test
    void boundsTheSampleAndCountsTheRest() {
        for (int i = 0; i < 1000; i++) data("{'choices':[{'delta':{'content':'0123456789'}}]}");
        assertThat(tap.output().head()).hasSize(TextSample.MAX_HEAD);
        assertThat(tap.output().totalBytes()).isEqualTo(10_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':'c','choices':[],'usage':null} | {'id':'c','choices':[]}",
                "{'id':'c' , 'usage' : null , 'x':1} | {'id':'c'  , 'x':1}",
                "{'usage':null,'choices':[]} | {'choices':[]}",
                "{ 'usage':null , 'choices':[]} | {  'choices':[]}",
                "{'usage':null} | {}",
                "{'choices':[],'us\\u0061ge':null} | {'choices':[]}",
                "{'choices':[{'usage':null}]} | ``",
                "{'choices':[],'usage':{'total_tokens':1}} | ``",
                "{'choices':[]} | ``"
            })
    void findsTheEmptyUsageToCut(String data, String cut) {
        String event = "id: 1\ndata: " + json(data) + "\n\n";
        event(tap, "data: {}\n\n");
        event(tap, event);
        if (cut.isEmpty()) {
            assertThat(tap.emptyUsageFrom()).isEqualTo(-1);
            return;
        }
        assertThat(event.substring(0, tap.emptyUsageFrom()) + event.substring(tap.emptyUsageTo()))
                .isEqualTo("id: 1\ndata: " + json(cut) + "\n\n");
        event(tap, "data: {}\n\n");
        assertThat(tap.emptyUsageFrom()).isEqualTo(-1);
    }

    @Test
    void cutsWithinTheRangeOfTheBuffer() {
        byte[] buffer = "data: {}\n\ndata: {\"a\":1,\"usage\":null}\n\n".getBytes(UTF_8);
        tap.event(buffer, 10, buffer.length);
        assertThat(new String(buffer, tap.emptyUsageFrom(), tap.emptyUsageTo() - tap.emptyUsageFrom(), UTF_8))
                .isEqualTo(",\"usage\":null");
    }

    @Test
    void cutsNothingOfDataInSeveralLines() {
        event(tap, "data: {\"a\":1,\ndata: \"usage\":null}\n\n");
        assertThat(tap.emptyUsageFrom()).isEqualTo(-1);
    }

    @Test
    void keepsTheErrorThatWasTold() {
        data(
                "{'error':{'code':502,'message':'Provider disconnected','type':'server_error','param':'x'},'choices':[{'finish_reason':'error'}]}");
        assertThat(tap.error()).isEqualTo(new UpstreamError("Provider disconnected", "502", "server_error", "x"));
        event(tap, "event: error\ndata: going down\n\n");
        assertThat(tap.error().message()).isEqualTo("going down");
    }

    @Test
    void neverQuotesAnAnswerAsError() {
        data("{'choices':[{'delta':{'content':'private words'},'finish_reason':'error'}]}");
        assertThat(tap.error().message()).doesNotContain("private").isNotEmpty();
    }

    @Test
    void saysWhatIsWrongWithABrokenEvent() {
        data("{'choices':[{'delta':{'content':'private'}}");
        assertThat(tap.error().code()).isEqualTo("malformed_event");
        assertThat(tap.error().message())
                .isEqualTo(
                        "an event of the upstream's stream is not valid JSON (byte 43: the document ends too early)");
        data("17");
        assertThat(tap.error().message()).isEqualTo("an event of the upstream's stream is not a JSON object");
    }

    @Test
    void isFinishedWhenEveryChoiceThatHasBegunIs() {
        data("{'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':null}]}");
        data("{'choices':[{'index':1,'delta':{'content':'b'},'finish_reason':null}]}");
        assertThat(tap.isFinished()).isFalse();
        data("{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}");
        assertThat(tap.isFinished()).as("the second choice goes on").isFalse();
        data("{'choices':[{'delta':{},'finish_reason':'stop','index':1}]}");
        assertThat(tap.isFinished()).isTrue();
        assertThat(tap.isEnded()).as("usage and [DONE] follow").isFalse();
        event(tap, "data: [DONE]\n\n");
        assertThat(tap.isEnded()).isTrue();
    }

    private EventKind data(String json) {
        return event(tap, "data: " + json(json) + "\n\n");
    }

    private static EventKind event(StreamTap tap, String event) {
        byte[] bytes = event.getBytes(UTF_8);
        return tap.event(bytes, 0, bytes.length);
    }

    private static String text(StreamTap tap) {
        return new String(tap.output().head(), UTF_8);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
