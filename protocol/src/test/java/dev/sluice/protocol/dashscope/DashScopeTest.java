package dev.sluice.protocol.dashscope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.chat.AnswerCollector;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.ChatRequest;
import dev.sluice.protocol.chat.Dialect;
import dev.sluice.protocol.chat.GrowingText;
import dev.sluice.protocol.chat.GrowingText.Mode;
import dev.sluice.protocol.chat.InexpressibleException;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.SseDecoder;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.openai.OpenAi;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DashScopeTest {
    @Test
    void topPIsSentOnlyIfTheClientSentIt() {
        assertThat(write("")).doesNotContain("top_p");
        assertThat(write("\"top_p\":1")).contains("\"top_p\":0.999999");
        assertThat(write("\"top_p\":0")).contains("\"top_p\":0.000001");
    }

    @ParameterizedTest
    @CsvSource({
        // nothing is known: the texts tell
        "UNCERTAIN,ha|ha|!|,haha!",
        "UNCERTAIN,He|Hello|Hello you|Hello you,Hello you",
        "UNCERTAIN,1|10|,110",
        "UNCERTAIN,same|same,same",
        "UNCERTAIN,one,one",
        // the request told: texts that look like the other kind deceive nobody
        "PIECES,ha|ha,haha",
        "PIECES,123456789|1234567890123,1234567891234567890123",
        "PIECES,A|AB|ABC,AABABC",
        "WHOLE,ha|haha|haha!,haha!",
        "WHOLE,one,one",
    })
    void bothKindsOfStreamsAreRead(Mode mode, String pieces, String whole) {
        StringBuilder frames = new StringBuilder();
        String[] texts = pieces.split("\\|", -1);
        for (int i = 0; i < texts.length; i++) {
            String word = i == texts.length - 1 ? "stop" : "null";
            frames.append("event:result\n:HTTP_STATUS/200\ndata:{\"output\":{\"text\":\"")
                    .append(texts[i])
                    .append("\",\"finish_reason\":\"")
                    .append(word)
                    .append("\"}}\n\n");
        }
        byte[] bytes = frames.toString().getBytes(UTF_8);
        StringBuilder read = new StringBuilder();
        StreamDecoder decoder = new SseDecoder(1 << 16, new StreamReader(mode));
        decoder.feed(bytes, 0, bytes.length, event -> {
            if (event instanceof ChatEvent.TextDelta(String text)) read.append(text);
        });
        assertThat(read.toString()).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource({"He, Hello", "He, llo"})
    void modelsThatMayRepeatAreToldOnceInBothForms(String first, String second) {
        String text =
                "data:{\"output\":{\"choices\":[{\"message\":{\"content\":\"%s\"},\"finish_reason\":\"%s\"}]}}\n\n";
        assertThat(told(
                        DashScope.repeatingGeneration(),
                        text.formatted(first, "null") + text.formatted(second, "stop")))
                .isEqualTo("Hello");
        String chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}\n\n";
        assertThat(told(
                        OpenAi.repeatingChatCompletions(),
                        chunk.formatted(first, "null") + chunk.formatted(second, "null")
                                + chunk.formatted("", "\"stop\"") + "data: [DONE]\n\n"))
                .isEqualTo("Hello");
    }

    private static String told(ChatFormat format, String stream) {
        AnswerCollector collector = new AnswerCollector();
        StreamDecoder decoder = format.decoder(1 << 16);
        byte[] bytes = stream.getBytes(UTF_8);
        decoder.feed(bytes, 0, bytes.length, collector::add);
        decoder.end(collector::add);
        List<Part> parts = ((AnswerRead.Read) collector.result()).answer().parts();
        return ((Part.Text) parts.getFirst()).text();
    }

    @Test
    void whatWasHeldBackIsGivenOnce() {
        GrowingText text = new GrowingText(Mode.UNCERTAIN);
        assertThat(text.next("I")).isEqualTo("I");
        assertThat(text.next("I look.")).isEmpty();
        assertThat(text.rest()).isEqualTo(" look.");
        assertThat(text.next("I look.")).isEmpty();
        assertThat(text.next("I look. So")).isEqualTo(" So");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"parameters\":{\"top_p\":0.5,\"incremental_output\":true}}',PIECES",
        "'{\"parameters\":{\"incremental_output\":false}}',WHOLE",
        "'{\"parameters\":{\"incremental_output\":null}}',UNCERTAIN",
        "'{\"parameters\":{}}',UNCERTAIN",
        "'{\"incremental_output\":true,\"parameters\":[]}',UNCERTAIN",
        "'{',UNCERTAIN"
    })
    void theRequestSaysWhichKindOfStreamComes(String request, Mode mode) {
        assertThat(Wishes.mode(request.getBytes(UTF_8))).isEqualTo(mode);
    }

    @Test
    void aStreamThatTheGatewayAskedForComesInPieces() {
        byte[] sent = DashScope.generation()
                .writeRequest(
                        DashScope.generation()
                                .readRequest(
                                        "{\"model\":\"m\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}}"
                                                .getBytes(UTF_8),
                                        new Asked(null, true)),
                        Dialect.PLAIN);
        assertThat(Wishes.mode(sent)).isEqualTo(Mode.PIECES);
    }

    @ParameterizedTest
    @CsvSource({"true,lo", "false,Hello"})
    void eventsHoldWhatIsNewOrAll(boolean incremental, String second) {
        ClientView view = new ClientView("m", true, "1", 1, Map.of("incremental_output", Json.of(incremental)));
        StreamEncoder encoder = DashScope.generation().encoder(view);
        encoder.write(new ChatEvent.Started("r", "m", 1), new ByteArrayOutputStream());
        encoder.write(new ChatEvent.TextDelta("Hel"), new ByteArrayOutputStream());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encoder.write(new ChatEvent.TextDelta("lo"), out);
        assertThat(out.toString(UTF_8))
                .startsWith("id:2\nevent:result\n:HTTP_STATUS/200\ndata:{")
                .contains("\"content\":\"" + second + "\"", "\"finish_reason\":\"null\"");
    }

    @Test
    void imagesGoToThePathForSeveralMedia() {
        assertThat(DashScope.isMultimodal(read("[{\"image\":\"https://a.example/b.png\"}]", "")))
                .isTrue();
        assertThat(DashScope.isMultimodal(read("\"Hi\"", ""))).isFalse();
        assertThat(DashScope.isMultimodal(read("\"Hi\"", "").forModel("qwen3-vl-plus")))
                .isTrue();
        assertThat(Members.stopReason("a word of tomorrow", false)).isEqualTo(StopReason.END);
    }

    @Test
    void someToolCanBeRequiredOnlyWhereThereIsOne() {
        String tool = "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}";
        assertThat(write("\"tool_choice\":\"required\",\"tools\":[" + tool + "]"))
                .contains("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}");
        assertThatExceptionOfType(InexpressibleException.class)
                .isThrownBy(() -> write("\"tool_choice\":\"required\",\"tools\":[" + tool + "," + tool + "]"))
                .satisfies(refused -> assertThat(refused.param()).isEqualTo("tool_choice"));
    }

    private static ChatRequest read(String content, String parameters) {
        String body = "{\"model\":\"qwen-plus\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":" + content
                + "}]},\"parameters\":{" + parameters + "}}";
        return DashScope.generation().readRequest(body.getBytes(UTF_8), Asked.IN_BODY);
    }

    private static String write(String parameters) {
        return new String(DashScope.generation().writeRequest(read("\"Hi\"", parameters), Dialect.PLAIN), UTF_8);
    }
}
