package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images, seconds and characters in answers and requests. */
class UnitsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'created':1,'data':[{'b64_json':'QQ=='},{'url':'http://x','revised_prompt':'p'}]} | 2 | 0 | 0",
                "{'object':'list','data':[{'id':'file-1','object':'file'}]} | 0 | 0 | 0",
                "{'data':'x','url':'http://x'} | 0 | 0 | 0",
                "{'text':'t','duration':3.25} | 0 | 3250 | 0",
                "{'text':'t','duration':'3.25'} | 0 | 3250 | 0",
                "{'text':'t','duration':3.25,'usage':{'type':'duration','seconds':4}} | 0 | 4000 | 0",
                "{'text':'t','usage':{'type':'duration','seconds':9}} | 0 | 9000 | 0",
                "{'text':'t','duration':-1} | 0 | 0 | 0",
                "{'text':'t','duration':'long'} | 0 | 0 | 0",
                "{'text':'t','duration':1e300} | 0 | 1099511627776 | 0",
                "{'id':'v','object':'video','seconds':'8'} | 0 | 0 | 8000",
                "{'seconds':12,'object':'video'} | 0 | 0 | 12000",
                "{'object':'batch','seconds':12} | 0 | 0 | 0",
            })
    void areReadFromAnswers(String answer, long images, long audioMillis, long videoMillis) {
        byte[] json = answer.replace('\'', '"').getBytes(UTF_8);
        assertThat(OpenAi.plain().inspect(json, 0, json.length))
                .isInstanceOfSatisfying(
                        Answer.Complete.class,
                        complete ->
                                assertThat(complete.units()).isEqualTo(new Units(images, audioMillis, 0, videoMillis)));
    }

    @Test
    void anAnswerWhoseObjectBreaksOffIsNone() {
        for (String answer : new String[] {"{\"object\":\"\0deo\"}", "{\"object\":\"vid"}) {
            byte[] json = answer.getBytes(UTF_8);
            assertThat(OpenAi.plain().inspect(json, 0, json.length)).isInstanceOf(Answer.Malformed.class);
        }
    }

    @Test
    void tokensAreReadBesideThem() {
        byte[] json = "{\"data\":[{\"b64_json\":\"QQ==\"}],\"usage\":{\"input_tokens\":3,\"output_tokens\":100}}"
                .getBytes(UTF_8);
        assertThat(OpenAi.plain().inspect(json, 0, json.length))
                .isInstanceOfSatisfying(Answer.Complete.class, complete -> {
                    assertThat(complete.usage()).isEqualTo(Usage.of(3, 100));
                    assertThat(complete.units().images()).isEqualTo(1);
                });
    }

    @Test
    void eachLastPictureOfAStreamCounts() {
        StreamTap tap = OpenAi.plain().tap();
        for (String event : new String[] {
            "{\"type\":\"image_generation.partial_image\",\"b64_json\":\"QQ==\"}",
            "{\"type\":\"image_generation.completed\",\"b64_json\":\"QQ==\"}",
            "{\"b64_json\":\"QQ==\",\"type\":\"image_edit.completed\"}",
            "{\"type\":\"speech.audio.done\"}",
        }) {
            byte[] bytes = ("data: " + event + "\n\n").getBytes(UTF_8);
            tap.event(bytes, 0, bytes.length);
        }
        assertThat(tap.units()).isEqualTo(new Units(2, 0, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'tts','input':'hello'} | 5",
                "{'input':'a\\u00e9\\ud83d\\ude00'} | 3",
                "{'input':['a']} | 0",
                "{'model':'tts'} | 0",
                "{'input':'cut | 0",
                "[] | 0",
            })
    void charactersAreCountedInCodePoints(String request, long characters) {
        assertThat(OpenAi.spokenCharacters(request.replace('\'', '"').getBytes(UTF_8)))
                .isEqualTo(characters);
    }
}
