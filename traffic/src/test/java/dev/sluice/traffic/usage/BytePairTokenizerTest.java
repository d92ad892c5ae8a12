package dev.sluice.traffic.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.api.EncodingType;
import dev.sluice.protocol.TextSample;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytePairTokenizerTest {
    private static final BytePairTokenizer TOKENIZER = new BytePairTokenizer();

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, O200K_BASE",
        "gpt-4o-mini-2024-07-18, O200K_BASE",
        "gpt-4.1-nano, O200K_BASE",
        "gpt-4.5-preview, O200K_BASE",
        "gpt-5-mini, O200K_BASE",
        "o3-mini, O200K_BASE",
        "chatgpt-4o-latest, O200K_BASE",
        "gpt-oss-120b, O200K_BASE",
        "gpt-4, CL100K_BASE",
        "gpt-4-turbo, CL100K_BASE",
        "gpt-3.5-turbo, CL100K_BASE",
        "gpt-35-turbo, CL100K_BASE",
        "text-embedding-3-small, CL100K_BASE",
        "openai/gpt-4-turbo, CL100K_BASE",
        "ft:gpt-3.5-turbo:acme, CL100K_BASE",
        "qwen-max, O200K_BASE",
        "deepseek-chat, O200K_BASE",
        "'', O200K_BASE",
    })
    void choosesTheEncodingByTheModelsName(String model, EncodingType encoding) {
        assertThat(BytePairTokenizer.encoding(model)).isEqualTo(encoding);
    }

    @Test
    void countsExactlyWhatItSeesWhole() {
        TOKENIZER.warmUp();
        assertThat(estimate("gpt-4o", "Hello, world!")).isEqualTo(4);
        assertThat(estimate("gpt-4o", "你好，世界！今天天气怎么样？")).isEqualTo(9);
        assertThat(estimate("gpt-4", "你好，世界！今天天气怎么样？")).isEqualTo(17);
        assertThat(TOKENIZER.estimate("gpt-4o", TextSample.EMPTY)).isZero();
    }

    @Test
    void specialTokensAreTextLikeAnyOther() {
        assertThat(estimate("gpt-4o", "<|endoftext|>")).isGreaterThan(1);
    }

    @Test
    void scalesTheHeadToTheWholeLength() {
        String head = "The quick brown fox jumps over the lazy dog. ".repeat(20);
        long ofHead = estimate("gpt-4o", head);
        byte[] bytes = head.getBytes(StandardCharsets.UTF_8);
        assertThat(TOKENIZER.estimate("gpt-4o", new TextSample(bytes, bytes.length * 1000L)))
                .isEqualTo(ofHead * 1000);
    }

    @Test
    void aHeadThatEndsInsideACharacterCountsAsIfItEndedBefore() {
        byte[] bytes = "天气".getBytes(StandardCharsets.UTF_8);
        long whole = estimate("gpt-4o", "天");
        for (int cut = 4; cut <= 5; cut++) {
            assertThat(TOKENIZER.estimate("gpt-4o", new TextSample(Arrays.copyOf(bytes, cut), 3)))
                    .as("cut after %d bytes", cut)
                    .isEqualTo(whole);
        }
        assertThat(TOKENIZER.estimate("gpt-4o", new TextSample(Arrays.copyOf(bytes, 2), 6)))
                .isEqualTo(2);
    }

    @Property(tries = 200)
    void anyCutOfAnyTextIsCounted(@ForAll String text, @ForAll @IntRange(max = 40) int cut) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] head = Arrays.copyOf(bytes, Math.min(cut, bytes.length));
        long tokens = TOKENIZER.estimate("gpt-4o", new TextSample(head, bytes.length));
        if (bytes.length == 0) assertThat(tokens).isZero();
        else assertThat(tokens).isBetween(1L, 4L * bytes.length);
    }

    @Test
    void bytesThatAreNoTextAreCountedToo() {
        byte[] noise = new byte[300];
        Arrays.fill(noise, (byte) 0x80);
        assertThat(TOKENIZER.estimate("gpt-4o", new TextSample(noise, 300))).isPositive();
    }

    @Test
    void aRoughCountGoesByLength() {
        assertThat(Tokenizer.roughly(new TextSample(new byte[0], 0))).isZero();
        assertThat(Tokenizer.roughly(new TextSample(new byte[1], 1))).isOne();
        assertThat(Tokenizer.roughly(new TextSample(new byte[4], 4001))).isEqualTo(1001);
    }

    private static long estimate(String model, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return TOKENIZER.estimate(model, new TextSample(bytes, bytes.length));
    }
}
