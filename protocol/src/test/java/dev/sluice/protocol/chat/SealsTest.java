package dev.sluice.protocol.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SealsTest {
    private static final Seals CLAUDE = new Seals("claude");
    private static final Seals GEMINI = new Seals("gemini");
    private static final String SEAL = Base64.getEncoder().encodeToString("a vendor's own".getBytes(UTF_8));

    @Test
    void aMakerGetsItsOwnSealsBack() {
        List<Part> parts = List.of(
                new Part.Thinking("hm", SEAL),
                new Part.RedactedThinking(SEAL),
                new Part.Text("so"),
                new Part.ToolCall("1", "look", "{}", SEAL, null));
        assertThat(opened(CLAUDE, marked(CLAUDE, parts), false)).isEqualTo(parts);
    }

    @Test
    void anotherMakerGetsNone() {
        List<Part> parts = marked(
                CLAUDE,
                List.of(
                        new Part.Thinking("hm", SEAL),
                        new Part.RedactedThinking(SEAL),
                        new Part.ToolCall("1", "look", "{}", SEAL, null)));
        assertThat(opened(GEMINI, parts, true))
                .containsExactly(new Part.Thinking("hm", null), new Part.ToolCall("1", "look", "{}"));
    }

    @Test
    void aSealWithoutAMarkIsTheMakersOwnOrNot() {
        List<Part> parts = List.of(new Part.Thinking("hm", SEAL), new Part.RedactedThinking(SEAL));
        assertThat(opened(CLAUDE, parts, true)).isEqualTo(parts);
        assertThat(opened(CLAUDE, parts, false)).containsExactly(new Part.Thinking("hm", null));
    }

    @Test
    void base64StaysBase64() {
        String marked = ((Part.Thinking)
                        marked(CLAUDE, List.of(new Part.Thinking("hm", SEAL))).getFirst())
                .signature();
        assertThat(marked).isNotNull().isNotEqualTo(SEAL);
        assertThat(Base64.getEncoder().encodeToString(Base64.getDecoder().decode(marked)))
                .isEqualTo(marked);
    }

    @Test
    void eventsAreMarkedLikeParts() {
        ChatEvent event = CLAUDE.marked(new ChatEvent.ThinkingSignature(SEAL));
        List<Part> parts = marked(CLAUDE, List.of(new Part.Thinking("hm", SEAL)));
        assertThat(parts).containsExactly(new Part.Thinking("hm", ((ChatEvent.ThinkingSignature) event).signature()));
        ChatEvent call = new ChatEvent.ToolCallStarted(0, "1", "look", null);
        assertThat(CLAUDE.marked(call)).isSameAs(call);
    }

    @Property
    void aMarkIsFoundWhereverItIs(
            @ForAll @Chars({'s', 'l', 'c', 'S', 'e', 'a', '0', 'x'}) @StringLength(max = 40) String before,
            @ForAll @Chars({'s', 'l', 'c', 'S', 'e', 'a', '0', 'x'}) @StringLength(max = 40) String after) {
        String without = before + after;
        assertThat(Seals.mayHold(without.getBytes(UTF_8))).isEqualTo(without.contains("slcSeal0"));
        assertThat(Seals.mayHold((before + "slcSeal0" + after).getBytes(UTF_8))).isTrue();
    }

    private static List<Part> marked(Seals seals, List<Part> parts) {
        return seals.marked(new ChatAnswer("", "", 0, parts, StopReason.END, null, null, null))
                .parts();
    }

    private static List<Part> opened(Seals seals, List<Part> parts, boolean unmarkedToo) {
        ChatRequest request = new ChatRequest(
                "m",
                List.of(new Message(Role.ASSISTANT, parts, null)),
                List.of(),
                null,
                null,
                null,
                Sampling.UNSET,
                null,
                List.of(),
                null,
                false,
                false,
                null,
                Map.of(),
                null,
                Map.of());
        return seals.opened(request, unmarkedToo).messages().getFirst().parts();
    }
}
