package dev.sluice.protocol.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerBuilderTest {
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
        AnswerBuilder builder = new AnswerBuilder();
        AnswerEvents.of(answer, builder);
        assertThat(builder.answer()).isEqualTo(answer);
    }

    @Test
    void fragmentsOfCallsThatAlternateGoToTheirCalls() {
        AnswerBuilder builder = new AnswerBuilder();
        builder.accept(new ChatEvent.ToolCallStarted(0, "a", "f", null));
        builder.accept(new ChatEvent.ToolCallStarted(1, "b", "g", null));
        builder.accept(new ChatEvent.ToolCallDelta(1, "{\"y\":"));
        builder.accept(new ChatEvent.ToolCallDelta(0, "{\"x\":1}"));
        builder.accept(new ChatEvent.ToolCallDelta(1, "2}"));
        assertThat(builder.answer().parts())
                .containsExactly(new Part.ToolCall("a", "f", "{\"x\":1}"), new Part.ToolCall("b", "g", "{\"y\":2}"));
    }
}
