package dev.sluice.protocol.agents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.chat.AnswerCollector;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.Notes;
import dev.sluice.protocol.chat.Notes.Citation;
import dev.sluice.protocol.chat.Part;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What agents tell beside their words: the documents that they rest on, and the outputs of a workflow. */
class AgentNotesTest {
    private static final String RESOURCES =
            "[{\"position\":1,\"dataset_name\":\"d\",\"document_name\":\"n.pdf\",\"segment_id\":\"s\",\"score\":0.98,\"content\":\"c\"}]";
    private static final String PAGE =
            "{\"index_id\":\"1\",\"title\":\"T\",\"doc_name\":\"N\",\"doc_url\":\"https://d.example/1\"}";
    private static final String KEPT =
            "{\"index_id\":\"2\",\"doc_id\":\"file_2\",\"doc_name\":\"kept.pdf\",\"text\":\"t\"}";
    private static final Notes BAILIAN = new Notes(
            List.of(new Citation("https://d.example/1", "T")), Map.of("doc_references", Json.parse("[" + KEPT + "]")));

    private static ChatAnswer whole(ChatFormat format, String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return ((AnswerRead.Read) format.readAnswer(bytes, 0, bytes.length)).answer();
    }

    private static ChatAnswer streamed(ChatFormat format, String... events) {
        AnswerCollector collector = new AnswerCollector();
        StreamDecoder decoder = format.decoder(1 << 16);
        for (String event : events) {
            byte[] bytes = ("data: " + event + "\n\n").getBytes(UTF_8);
            decoder.feed(bytes, 0, bytes.length, collector::add);
        }
        decoder.end(collector::add);
        return ((AnswerRead.Read) collector.result()).answer();
    }

    @Test
    void aChatOfDifyTellsItsPiecesOfDocumentsInItsOwnWords() {
        Notes expected = new Notes(List.of(), Map.of("retriever_resources", Json.parse(RESOURCES)));
        assertThat(whole(
                                Agents.difyChat(),
                                "{\"answer\":\"A\",\"metadata\":{\"retriever_resources\":" + RESOURCES + "}}")
                        .notes())
                .isEqualTo(expected);
        assertThat(streamed(
                                Agents.difyChat(),
                                "{\"event\":\"message\",\"answer\":\"A\"}",
                                "{\"event\":\"message_end\",\"metadata\":{\"retriever_resources\":" + RESOURCES + "}}")
                        .notes())
                .isEqualTo(expected);
        assertThat(whole(Agents.difyChat(), "{\"answer\":\"A\",\"metadata\":{\"retriever_resources\":[]}}")
                        .notes())
                .isEqualTo(Notes.NONE);
    }

    @ParameterizedTest
    @CsvSource({", first", "second, 2", "third, {\"a\":1}", "missing, ''"})
    void anOutputOfAWorkflowIsTheAnswerAndTheOthersAreTold(String variable, String answer) {
        ChatFormat workflow = variable == null ? Agents.difyWorkflow() : Agents.difyWorkflow(variable);
        String outputs = "{\"number\":7,\"first\":\"first\",\"second\":\"2\",\"third\":{\"a\":1}}";
        Notes notes = new Notes(List.of(), Map.of("outputs", Json.parse(outputs)));
        ChatAnswer whole = whole(
                workflow,
                "{\"workflow_run_id\":\"r\",\"data\":{\"status\":\"succeeded\",\"outputs\":" + outputs + "}}");
        assertThat(whole.parts()).isEqualTo(List.of(new Part.Text(answer)));
        assertThat(whole.notes()).isEqualTo(notes);
        ChatAnswer streamed = streamed(
                workflow,
                "{\"event\":\"workflow_started\",\"workflow_run_id\":\"r\",\"data\":{}}",
                "{\"event\":\"workflow_finished\",\"data\":{\"status\":\"succeeded\",\"outputs\":" + outputs + "}}");
        assertThat(streamed.parts()).isEqualTo(answer.isEmpty() ? List.of() : List.of(new Part.Text(answer)));
        assertThat(streamed.notes()).isEqualTo(notes);
    }

    @Test
    void piecesThatAWorkflowTellsAreNotTheOutputThatWasChosen() {
        String[] events = {
            "{\"event\":\"text_chunk\",\"data\":{\"text\":\"draft\",\"from_variable_selector\":[\"llm\",\"text\"]}}",
            "{\"event\":\"workflow_finished\",\"data\":{\"status\":\"succeeded\",\"outputs\":{\"text\":\"draft\",\"final\":\"done\"}}}"
        };
        assertThat(streamed(Agents.difyWorkflow("final"), events).parts()).isEqualTo(List.of(new Part.Text("done")));
        assertThat(streamed(Agents.difyWorkflow(), events).parts()).isEqualTo(List.of(new Part.Text("draft")));
    }

    @Test
    void theOnlyOutputOfAWorkflowIsNotToldTwice() {
        assertThat(whole(Agents.difyWorkflow(), "{\"data\":{\"status\":\"succeeded\",\"outputs\":{\"text\":\"only\"}}}")
                        .notes())
                .isEqualTo(Notes.NONE);
    }

    @Test
    void documentsOfBailianAreCitedIfTheyHaveAnAddress() {
        String references = "\"doc_references\":[" + PAGE + "," + KEPT + "]";
        assertThat(whole(
                                Agents.bailian(),
                                "{\"output\":{\"text\":\"A\",\"finish_reason\":\"stop\"," + references + "}}")
                        .notes())
                .isEqualTo(BAILIAN);
        // They are repeated in events.
        assertThat(streamed(
                                Agents.bailian(),
                                "{\"output\":{\"text\":\"A\",\"finish_reason\":\"null\"," + references + "}}",
                                "{\"output\":{\"text\":\"\",\"finish_reason\":\"stop\"," + references + "}}")
                        .notes())
                .isEqualTo(BAILIAN);
    }
}
