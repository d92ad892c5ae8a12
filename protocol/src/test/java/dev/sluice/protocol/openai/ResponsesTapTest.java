package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponsesTapTest {
    private final StreamTap tap = OpenAi.responses().tap();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "LIFECYCLE | response.created | 'response':{'id':'r','status':'in_progress','error':null,'output':[],'usage':null}",
                "LIFECYCLE | response.queued | 'response':{'status':'queued'}",
                "LIFECYCLE | response.in_progress | 'response':{'status':'in_progress','error':null}",
                "LIFECYCLE | response.output_item.added | 'item':{'type':'message','id':'m','status':'in_progress','content':[]}",
                "LIFECYCLE | response.content_part.added | 'part':{'type':'output_text','text':'','annotations':[]}",
                "LIFECYCLE | response.reasoning_summary_part.added | 'part':{'type':'summary_text','text':''}",
                "LIFECYCLE | response.output_text.delta | 'delta':''",
                "LIFECYCLE | response.web_search_call.searching | 'item_id':'w'",
                "LIFECYCLE | response.mcp_call.failed | 'item_id':'w','status':'failed'",
                "LIFECYCLE | keepalive | 'sequence_number':3",
                "CONTENT | response.output_text.delta | 'delta':'a','logprobs':[]",
                "CONTENT | response.refusal.delta | 'delta':'a'",
                "CONTENT | response.function_call_arguments.delta | 'delta':'{'",
                "CONTENT | response.reasoning_text.delta | 'delta':'a'",
                "CONTENT | response.reasoning_summary_text.delta | 'delta':'a'",
                "CONTENT | response.audio.delta | 'delta':'QQ=='",
                "CONTENT | response.output_text.done | 'text':'a'",
                "CONTENT | response.output_item.done | 'item':{'type':'function_call','name':'f','arguments':'{}'}",
                "CONTENT | response.output_item.done | 'item':{'type':'web_search_call','id':'w','status':'completed'}",
                "CONTENT | response.output_text.annotation.added | 'annotation':{}",
                "CONTENT | response.image_generation_call.partial_image | 'partial_image_b64':'QQ=='",
                "CONTENT | response.completed | 'response':{'status':'completed','error':null,'output':[],'usage':null}",
                "CONTENT | response.incomplete | 'response':{'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}}",
                "ERROR | response.failed | 'response':{'status':'failed','error':{'code':'server_error','message':'x'}}",
                "ERROR | response.completed | 'response':{'status':'failed','error':{'code':'server_error','message':'x'}}",
                "ERROR | error | 'code':'server_error','message':'x','param':null",
                "ERROR | error | 'error':{'type':'rate_limit_error','message':'x'}",
                "ERROR | other | 'error':{'message':'x'}"
            })
    void tellsWhatAnEventIs(EventKind kind, String type, String members) {
        String head = "'type':'" + type + "','sequence_number':1";
        for (String json : new String[] {"{" + head + "," + members + "}", "{" + members + "," + head + "}"}) {
            assertThat(event(OpenAi.responses().tap(), "event: " + type + "\ndata: " + json(json) + "\n\n"))
                    .isEqualTo(kind);
            assertThat(event(OpenAi.responses().tap(), "data: " + json(json) + "\n\n"))
                    .isEqualTo(kind);
        }
        assertThat(event(OpenAi.responses().tap(), "event: " + type + "\ndata: " + json("{" + members + "}") + "\n\n"))
                .isEqualTo(kind);
    }

    @Test
    void followsAStreamToItsEnd() {
        data("{'type':'response.created','response':{'id':'r','instructions':'long','usage':null}}");
        data("{'type':'response.output_item.added','output_index':0,'item':{'type':'message','content':[]}}");
        data("{'type':'response.output_text.delta','delta':'Hel'}");
        data("{'type':'response.output_text.delta','delta':'lo\\n'}");
        data("{'type':'response.output_text.done','text':'Hello\\n'}");
        data(
                "{'type':'response.output_item.done','item':{'type':'message','content':[{'type':'output_text','text':'Hello\\n'}]}}");
        assertThat(tap.isFinished()).isFalse();
        data(
                "{'type':'response.completed','response':{'output':[{'content':[{'text':'Hello\\n'}]}],'usage':{'input_tokens':3,'output_tokens':2,'total_tokens':5}}}");
        assertThat(tap.isFinished()).isTrue();
        assertThat(tap.usage()).isEqualTo(Usage.of(3, 2));
        assertThat(text()).isEqualTo("Hello\n");
        assertThat(tap.emptyUsageFrom()).isEqualTo(-1);
    }

    @Test
    void countsArgumentsOnceWhetherInPiecesOrWhole() {
        data("{'type':'response.output_item.added','item':{'type':'function_call','name':'f','arguments':''}}");
        data("{'type':'response.function_call_arguments.delta','delta':'{}'}");
        data("{'type':'response.function_call_arguments.done','name':'f','arguments':'{}'}");
        data("{'type':'response.output_item.done','item':{'type':'function_call','name':'f','arguments':'{}'}}");
        data("{'type':'response.output_item.done','item':{'name':'g','arguments':'[]','type':'function_call'}}");
        assertThat(text()).isEqualTo("{}fg[]");
    }

    @Test
    void doesNotCountSoundAsText() {
        data("{'type':'response.audio.delta','delta':'QUJD'}");
        data("{'type':'response.audio.transcript.delta','delta':'abc'}");
        assertThat(text()).isEqualTo("abc");
    }

    @Test
    void takesTheTextOfTheLastEventIfNoneCameBefore() {
        data(
                "{'type':'response.completed','response':{'status':'completed','output':[{'type':'message','content':[{'type':'output_text','text':'late'}]}]}}");
        assertThat(text()).isEqualTo("late");
    }

    @Test
    void keepsErrorAndUsageOfAFailedResponse() {
        data(
                "{'type':'response.failed','response':{'id':'r','status':'failed','error':{'code':'rate_limit_exceeded','message':'slow down'},'output':[{'text':'private'}],'usage':{'input_tokens':3,'output_tokens':2}}}");
        assertThat(tap.error()).isEqualTo(new UpstreamError("slow down", "rate_limit_exceeded", null, null));
        assertThat(tap.usage()).isEqualTo(Usage.of(3, 2));
        assertThat(tap.isFinished()).isTrue();
    }

    @Test
    void readsTheFlatErrorEvent() {
        event(
                tap,
                json(
                        "event: error\ndata: {'type':'error','code':'server_error','message':'boom','param':'p','sequence_number':9}\n\n"));
        assertThat(tap.error()).isEqualTo(new UpstreamError("boom", "server_error", null, "p"));
    }

    @Test
    void endsWithVendorsThatSayDone() {
        assertThat(event(tap, "data: [DONE]\n\n")).isEqualTo(EventKind.END);
    }

    @Test
    void saysWhatIsWrongWithABrokenEvent() {
        assertThat(data("{'type':'response.output_text.delta','delta':'private"))
                .isEqualTo(EventKind.ERROR);
        assertThat(tap.error().code()).isEqualTo("malformed_event");
        assertThat(tap.error().message()).doesNotContain("private");
    }

    private EventKind data(String json) {
        return event(tap, "data: " + json(json) + "\n\n");
    }

    private static EventKind event(StreamTap tap, String event) {
        byte[] bytes = event.getBytes(UTF_8);
        return tap.event(bytes, 0, bytes.length);
    }

    private String text() {
        return new String(tap.output().head(), UTF_8);
    }

    private static String json(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }
}
