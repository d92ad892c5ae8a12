package dev.sluice.protocol.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.chat.AnswerCollector;
import dev.sluice.protocol.chat.AnswerEvents;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Notes.Citation;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StopReason;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages that an answer rests on, between chat completions, responses and vendors that tell them in their own way. */
class AnnotationsTest {
    private static final ClientView VIEW = new ClientView("m", true, "1", 1);
    private static final List<Citation> PAGES =
            List.of(new Citation("https://a.example", "A", 3, 7), new Citation("https://b.example", ""));

    static List<ChatFormat> formats() {
        return List.of(OpenAi.chatCompletions(), OpenAi.responses());
    }

    private static ChatAnswer answer(Notes notes) {
        return new ChatAnswer(
                "id", "m", 1, List.of(new Part.Text("so it is")), StopReason.END, null, null, null, notes);
    }

    private static String streamed(ChatFormat format, ChatAnswer answer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamEncoder encoder = format.encoder(VIEW);
        AnswerEvents.of(answer, event -> encoder.write(event, out));
        return out.toString(UTF_8);
    }

    private static Notes read(ChatFormat format, String stream) {
        AnswerCollector collector = new AnswerCollector();
        StreamDecoder decoder = format.decoder(1 << 16);
        byte[] bytes = stream.getBytes(UTF_8);
        decoder.feed(bytes, 0, bytes.length, collector::add);
        decoder.end(collector::add);
        return ((AnswerRead.Read) collector.result()).answer().notes();
    }

    private static Notes whole(ChatFormat format, byte[] json) {
        return ((AnswerRead.Read) format.readAnswer(json, 0, json.length))
                .answer()
                .notes();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void whatIsWrittenIsReadAgain(ChatFormat format) {
        ChatAnswer answer = answer(Notes.of(PAGES));
        assertThat(whole(format, format.writeAnswer(answer, VIEW))).isEqualTo(Notes.of(PAGES));
        assertThat(read(format, streamed(format, answer))).isEqualTo(Notes.of(PAGES));
    }

    @Test
    void chatCompletionsHaveThemInTheirMessage() {
        Json message = Json.parse(OpenAi.chatCompletions()
                        .writeAnswer(
                                answer(new Notes(
                                        PAGES.subList(0, 1), Map.of("retriever_resources", Json.parse("[1]")))),
                                VIEW))
                .get("choices")
                .items()
                .getFirst()
                .get("message");
        assertThat(message.get("annotations").toJson())
                .isEqualTo(
                        "[{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"https://a.example\",\"title\":\"A\",\"start_index\":3,\"end_index\":7}}]");
        assertThat(message.get("retriever_resources").toJson()).isEqualTo("[1]");
        Json plain = Json.parse(OpenAi.chatCompletions().writeAnswer(answer(Notes.NONE), VIEW));
        assertThat(plain.toJson()).doesNotContain("annotations");
    }

    @Test
    void streamedResponsesAddThemToTheTextAndRepeatThemAtTheEnd() {
        String stream = streamed(OpenAi.responses(), answer(Notes.of(PAGES)));
        assertThat(stream)
                .contains("\"type\":\"response.output_text.annotation.added\"", "\"annotation_index\":1")
                .containsSubsequence(
                        "annotation.added",
                        "response.output_text.done",
                        "\"annotations\":[{\"type\":\"url_citation\",\"url\":\"https://a.example\"",
                        "response.completed",
                        "https://b.example");
    }

    @Test
    void whatPerplexityFoundIsCitedOnce() {
        String found =
                "\"citations\":[\"https://a.example\"],\"search_results\":[{\"title\":\"A\",\"url\":\"https://a.example\",\"date\":\"2026-01-02\"}]";
        Notes expected = Notes.of(List.of(new Citation("https://a.example", "A")));
        assertThat(whole(
                        OpenAi.chatCompletions(),
                        ("{\"id\":\"1\"," + found
                                        + ",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"so [1]\"},\"finish_reason\":\"stop\"}]}")
                                .getBytes(UTF_8)))
                .isEqualTo(expected);
        assertThat(
                        read(
                                OpenAi.chatCompletions(),
                                "data: {" + found + ",\"choices\":[{\"delta\":{\"content\":\"so\"}}]}\n\ndata: {"
                                        + found
                                        + ",\"choices\":[{\"delta\":{\"content\":\" [1]\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"))
                .isEqualTo(expected);
    }

    @Test
    void addressesAloneAreCitedToo() {
        assertThat(whole(
                        OpenAi.chatCompletions(),
                        "{\"citations\":[\"https://a.example\"],\"choices\":[{\"message\":{\"content\":\"so\"},\"finish_reason\":\"stop\"}]}"
                                .getBytes(UTF_8)))
                .isEqualTo(Notes.of(List.of(new Citation("https://a.example", ""))));
    }
}
