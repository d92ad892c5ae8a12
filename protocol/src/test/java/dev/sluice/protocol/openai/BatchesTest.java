package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.JobUsage;
import dev.sluice.protocol.job.ResultLine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchesTest {
    private static final String USAGE =
            "'usage':{'input_tokens':9,'input_tokens_details':{'cached_tokens':2},'output_tokens':5,'output_tokens_details':{'reasoning_tokens':1},'total_tokens':14}";

    private static List<JobUsage> ended(String json) {
        return OpenAi.endedBatches(json.replace('\'', '"').getBytes(UTF_8));
    }

    private static ResultLine line(String json) {
        byte[] bytes = ("xx" + json.replace('\'', '"')).getBytes(UTF_8);
        return OpenAi.batchResults().read(bytes, 2, bytes.length);
    }

    @Test
    void aBatchThatHasEndedIsKnownByTheFileThatItWrote() {
        assertThat(ended("{'object':'batch','id':'b','status':'completed','output_file_id':'f','model':'m'," + USAGE
                        + "}"))
                .containsExactly(JobUsage.of("f", "m", new Usage(9, 2, 0, 5, 1)));
        assertThat(ended("{'object':'batch','id':'b','status':'cancelled','output_file_id':null," + USAGE + "}"))
                .containsExactly(JobUsage.of("b", "", new Usage(9, 2, 0, 5, 1)));
    }

    @Test
    void aListTellsOfEach() {
        String one = "{'object':'batch','id':'a','status':'completed'," + USAGE + "}";
        String two = "{'object':'batch','id':'b','status':'in_progress'," + USAGE + "}";
        assertThat(ended("{'object':'list','data':[" + one + "," + two + "," + one.replace("'a'", "'c'") + "]}"))
                .extracting(JobUsage::id)
                .containsExactly("a", "c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'object':'batch','id':'b','status':'completed'}",
                "{'object':'batch','id':'b','status':'completed','usage':{'input_tokens':0,'output_tokens':0}}",
                "{'object':'file','id':'b','status':'completed','usage':{'input_tokens':1}}",
                "no json"
            })
    void whatTellsNoUsageIsNone(String json) {
        assertThat(ended(json)).isEmpty();
    }

    @Test
    void linesOfAnOutputFileTellModelAndUsage() {
        assertThat(
                        line(
                                "{'id':'x','custom_id':'c','response':{'status_code':200,'body':{'id':'r','model':'m','choices':[{'usage':1}],'usage':{'prompt_tokens':3,'completion_tokens':4}}},'error':null}"))
                .isEqualTo(new ResultLine("m", Usage.of(3, 4)));
        assertThat(line("{'custom_id':'c','response':null,'error':{'message':'x'}}"))
                .isEqualTo(new ResultLine("", null));
        assertThat(line("{'custom_id':'c','method':'POST','body':{'model':'m'}}"))
                .isNull();
        assertThat(line("{'custom_id':'c','response':{")).isNull();
        assertThat(line("[1]")).isNull();
    }
}
