package dev.sluice.protocol.dashscope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.job.JobUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskUsageTest {
    private static byte[] json(String text) {
        return text.replace('\'', '"').getBytes(UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'usage':{'image_count':2}, 'output':{'task_id':'t','task_status':'SUCCEEDED','results':[{'url':'u'}]} | 2 | 0 | 0",
                "'output':{'task_id':'t','task_status':'SUCCEEDED','results':[{'url':'u'},{'code':'x'},{'url':'v'}]} | 2 | 0 | 0",
                "'usage':{'video_duration':5,'video_count':1}, 'output':{'task_id':'t','task_status':'SUCCEEDED','video_url':'u'} | 0 | 0 | 5000",
                "'usage':{'duration':10.5}, 'output':{'task_id':'t','task_status':'SUCCEEDED','video_url':'u'} | 0 | 0 | 10500",
                "'usage':{'duration':7}, 'output':{'task_id':'t','task_status':'SUCCEEDED','results':[{'transcription_url':'u'}]} | 0 | 7000 | 0",
            })
    void aTaskThatSucceededTellsWhatItMade(String members, long images, long audioMillis, long videoMillis) {
        assertThat(DashScope.endedTask(json("{" + members + "}")))
                .containsExactly(
                        new JobUsage("t", "", Usage.ZERO, new Units(images, audioMillis, 0, videoMillis), true));
    }

    @Test
    void othersTellNothing() {
        assertThat(DashScope.endedTask(
                        json("{'output':{'task_id':'t','task_status':'RUNNING'},'usage':{'image_count':1}}")))
                .isEmpty();
        assertThat(DashScope.endedTask(
                        json("{'output':{'task_id':'t','task_status':'FAILED'},'usage':{'image_count':1}}")))
                .isEmpty();
        assertThat(DashScope.endedTask(json("{'output':{'task_id':'t','task_status':'SUCCEEDED'}}")))
                .isEmpty();
        assertThat(DashScope.endedTask(json("no json"))).isEmpty();
        assertThat(DashScope.begunTask(json("{'output':{'task_id':'t','task_status':'PENDING'}}")))
                .isEqualTo("t");
        assertThat(DashScope.begunTask(json("{'code':'x'}"))).isNull();
    }
}
