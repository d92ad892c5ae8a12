package dev.sluice.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.ResultLine;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static ResultLine line(String json) {
        byte[] bytes = ("xx" + json.replace('\'', '"')).getBytes(UTF_8);
        return Anthropic.batchResults().read(bytes, 2, bytes.length);
    }

    @Test
    void linesTellModelAndUsageWithTheCacheInside() {
        assertThat(
                        line(
                                "{'custom_id':'c','result':{'type':'succeeded','message':{'model':'claude','content':[{'text':'usage'}],'usage':{'input_tokens':3,'cache_read_input_tokens':2,'output_tokens':4}}}}"))
                .isEqualTo(new ResultLine("claude", new Usage(5, 2, 0, 4, 0)));
        assertThat(line("{'custom_id':'c','result':{'type':'expired'}}")).isEqualTo(new ResultLine("", null));
        assertThat(line("{'custom_id':'c','params':{'model':'claude'}}")).isNull();
        assertThat(line("{'custom_id':'c','result'")).isNull();
    }
}
