package dev.sluice.protocol.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerEventsTest {
    @Test
    void anAnswerToldAsEventsAndGatheredAgainIsTheSame() {
        ChatAnswer answer = new ChatAnswer(
                "a-1",
                "m",
                7,
                List.of(
                        new Part.Thinking("first", "seal"),
                        new Part.RedactedThinking("xyz"),
                        new Part.Text("Hello"),
                        new Part.ToolCall("c1", "weather", "{\"city\":\"Bern\"}", "sig", null),
                        new Part.ToolCall("c2", "time", "{}"),
                        new Part.Image(new Part.Media.Inline("image/png", "AAAA")),
                        new Part.Refusal("no")),
                StopReason.TOOL_CALLS,
                null,
                Usage.of(3, 4),
                "conversation");
        AnswerCollector collector = new AnswerCollector();
        AnswerEvents.of(answer, collector::add);
        assertThat(collector.result()).isEqualTo(new ChatFormat.AnswerRead.Read(answer));
    }

    @Test
    void fragmentsOfCallsThatAlternateGoToTheirCalls() {
        AnswerCollector collector = new AnswerCollector();
        collector.add(new ChatEvent.ToolCallStarted(0, "a", "f", null));
        collector.add(new ChatEvent.ToolCallStarted(1, "b", "g", null));
        collector.add(new ChatEvent.ToolCallDelta(1, "{\"y\":"));
        collector.add(new ChatEvent.ToolCallDelta(0, "{\"x\":1}"));
        collector.add(new ChatEvent.ToolCallDelta(1, "2}"));
        collector.add(new ChatEvent.Finished(StopReason.TOOL_CALLS, null));
        assertThat(((ChatFormat.AnswerRead.Read) collector.result()).answer().parts())
                .containsExactly(new Part.ToolCall("a", "f", "{\"x\":1}"), new Part.ToolCall("b", "g", "{\"y\":2}"));
    }
}
