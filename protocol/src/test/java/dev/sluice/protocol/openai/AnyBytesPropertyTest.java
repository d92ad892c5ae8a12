package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Peek;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.json.JacksonOracle;
import dev.sluice.protocol.json.JsonDocuments;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Nothing that comes from outside makes the reading throw. */
class AnyBytesPropertyTest {
    private static final List<WireFormat> FORMATS =
            List.of(OpenAi.chatCompletions(), OpenAi.responses(), OpenAi.embeddings());

    /** Documents that touch every reader, to be damaged. */
    private static final String[] DOCUMENTS = {
        "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":false},\"n\":2,\"max_tokens\":5,\"messages\":[{\"content\":\"a\\n\"}]}",
        "{\"choices\":[{\"delta\":{\"content\":\"a\\u00e9\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]},\"finish_reason\":null}],\"usage\":null}",
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":1}}}",
        "{\"type\":\"response.output_text.delta\",\"delta\":\"a\\\\b\"}",
        "{\"type\":\"response.completed\",\"response\":{\"output\":[{\"content\":[{\"text\":\"x\"}]}],\"usage\":{\"input_tokens\":1}}}",
        "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{}\"}}",
        "{\"error\":{\"message\":\"Bearer abc <b>\",\"code\":1,\"type\":\"t\",\"param\":\"p\"},\"detail\":[{\"loc\":[\"body\",1],\"msg\":\"m\"}]}",
        "{\"base_resp\":{\"status_code\":1004,\"status_msg\":\"x\"},\"Response\":{\"Error\":{\"Code\":\"c\",\"Message\":\"m\"}}}",
        "event: error\ndata: {\"message\":\"x\"}",
        "[DONE]",
        "<html><script>x</script><p>y"
    };

    @Property(tries = 3000)
    void readsAnyBytes(@ForAll @Size(max = 60) byte[] bytes) {
        readEverywhere(bytes);
    }

    @Property(tries = 4000)
    void readsDamagedDocuments(@ForAll long seed) {
        JsonDocuments random = new JsonDocuments(seed);
        byte[] bytes = DOCUMENTS[random.below(DOCUMENTS.length)].getBytes(UTF_8);
        for (int i = random.below(4); i >= 0; i--) bytes[random.below(bytes.length)] = (byte) random.below(128);
        readEverywhere(Arrays.copyOf(bytes, bytes.length - random.below(bytes.length)));
    }

    private static void readEverywhere(byte[] bytes) {
        byte[] event = ("data: " + new String(bytes, UTF_8) + "\n\n").getBytes(UTF_8);
        for (WireFormat format : FORMATS) {
            Peek peek = format.peek(bytes, Asked.IN_BODY);
            Answer answer = format.inspect(bytes, 0, bytes.length);
            if (!JacksonOracle.accepts(bytes)) assertThat(peek).isInstanceOf(Peek.Malformed.class);
            if (answer instanceof Answer.Complete complete) check(complete.output());
            StreamTap tap = format.tap();
            for (byte[] input : List.of(event, bytes, event)) {
                assertThat(tap.event(input, 0, input.length)).isNotNull();
                assertThat(tap.error().message().length()).isLessThanOrEqualTo(512);
                assertThat(tap.emptyUsageTo()).isGreaterThanOrEqualTo(tap.emptyUsageFrom());
            }
            check(tap.output());
        }
        assertThat(OpenAi.readError(bytes).message().length()).isLessThanOrEqualTo(512);
    }

    private static void check(TextSample sample) {
        assertThat(sample.totalBytes()).isGreaterThanOrEqualTo(sample.head().length);
    }
}
