package dev.sluice.protocol.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.bedrock.Bedrock;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonDocuments;
import dev.sluice.protocol.openai.OpenAi;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a format writes it reads with the same meaning. */
class RoundTripPropertyTest {
    private static final List<ChatFormat> FORMATS =
            List.of(OpenAi.chatCompletions(), OpenAi.responses(), Anthropic.messages());
    /** Its answers name neither themselves nor their model. */
    private static final ChatFormat NAMELESS = Bedrock.converse();

    private static final ClientView VIEW = new ClientView("m", true, "1", 1);
    private static final String[] TEXTS = {"a", "Grüße 😀", "\"\\\n\t", " x ", "\u0001"};
    private static final String[] ARGUMENTS = {"{}", "{\"a\":1e400}", "{\"b\":[\"ü\",null]}"};

    @Property(tries = 500)
    void wholeAnswersKeepTheirMeaning(@ForAll long seed) {
        ChatAnswer answer = answer(new JsonDocuments(seed));
        for (ChatFormat format : answering()) {
            byte[] bytes = format.writeAnswer(answer, VIEW);
            check(format, format.readAnswer(bytes, 0, bytes.length), answer);
        }
    }

    @Property(tries = 500)
    void streamedAnswersKeepTheirMeaning(@ForAll long seed) {
        JsonDocuments random = new JsonDocuments(seed);
        ChatAnswer answer = answer(random);
        for (ChatFormat format : answering()) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            StreamEncoder encoder = format.encoder(VIEW);
            for (ChatEvent event : events(answer, random)) encoder.write(event, out);
            AnswerCollector collector = new AnswerCollector();
            StreamDecoder decoder = format.decoder(1 << 20);
            decoder.feed(out.toByteArray(), 0, out.size(), collector::add);
            decoder.end(collector::add);
            check(format, collector.result(), answer);
        }
    }

    private static List<ChatFormat> answering() {
        List<ChatFormat> formats = new ArrayList<>(FORMATS);
        formats.add(NAMELESS);
        return formats;
    }

    private static void check(ChatFormat format, AnswerRead read, ChatAnswer answer) {
        String[] unsaid =
                format == NAMELESS ? new String[] {"createdSeconds", "id", "model"} : new String[] {"createdSeconds"};
        assertThat(read)
                .isInstanceOfSatisfying(
                        AnswerRead.Read.class,
                        told -> assertThat(told.answer())
                                .usingRecursiveComparison()
                                .ignoringFields(unsaid)
                                .isEqualTo(answer));
    }

    private static ChatAnswer answer(JsonDocuments random) {
        List<Part> parts = new ArrayList<>();
        if (random.below(2) == 0) parts.add(new Part.Thinking(pick(TEXTS, random), "c2ln"));
        if (random.below(2) == 0) parts.add(new Part.Text(pick(TEXTS, random)));
        int calls = random.below(3);
        for (int i = 0; i < calls; i++)
            parts.add(new Part.ToolCall("id" + i, pick(TEXTS, random).strip() + "f", pick(ARGUMENTS, random)));
        StopReason reason =
                calls > 0 ? StopReason.TOOL_CALLS : random.below(2) == 0 ? StopReason.END : StopReason.MAX_TOKENS;
        Usage usage = new Usage(1000 + random.below(9), random.below(500), random.below(500), 60, 0);
        return new ChatAnswer("id", "model", 5, parts, reason, null, usage, null);
    }

    private static String pick(String[] from, JsonDocuments random) {
        return from[random.below(from.length)];
    }

    private static List<ChatEvent> events(ChatAnswer answer, JsonDocuments random) {
        List<ChatEvent> events = new ArrayList<>();
        events.add(new ChatEvent.Started(answer.id(), answer.model(), answer.createdSeconds()));
        int calls = 0;
        for (Part part : answer.parts()) {
            if (part instanceof Part.Thinking(String text, String signature)) {
                events.add(new ChatEvent.ThinkingDelta(text));
                if (signature != null) events.add(new ChatEvent.ThinkingSignature(signature));
            } else if (part instanceof Part.Text text) {
                events.add(new ChatEvent.TextDelta(text.text()));
            } else if (part instanceof Part.ToolCall call) {
                events.add(new ChatEvent.ToolCallStarted(calls, call.id(), call.name(), null));
                int cut = random.below(call.arguments().length());
                if (cut > 0)
                    events.add(
                            new ChatEvent.ToolCallDelta(calls, call.arguments().substring(0, cut)));
                events.add(new ChatEvent.ToolCallDelta(calls++, call.arguments().substring(cut)));
            }
        }
        events.add(new ChatEvent.Finished(answer.stopReason(), null));
        if (answer.usage() != null) events.add(new ChatEvent.UsageReport(answer.usage()));
        events.add(new ChatEvent.Ended());
        return events;
    }

    @Property(tries = 500)
    void requestsKeepTheirMeaning(@ForAll long seed) {
        ChatRequest request = request(new JsonDocuments(seed));
        for (ChatFormat format : FORMATS) {
            ChatRequest read = format.readRequest(format.writeRequest(request, Dialect.PLAIN), Asked.IN_BODY);
            assertThat(read)
                    .usingRecursiveComparison()
                    .ignoringFields("streamUsage")
                    .isEqualTo(request);
        }
    }

    private static ChatRequest request(JsonDocuments random) {
        List<Message> messages = new ArrayList<>();
        if (random.below(2) == 0) messages.add(Message.of(Role.SYSTEM, new Part.Text("Be brief. ü")));
        for (int turn = random.below(3); turn > 0; turn--) {
            messages.add(user(random));
            Part.ToolCall call = new Part.ToolCall("id" + turn, "f", pick(ARGUMENTS, random));
            messages.add(Message.of(Role.ASSISTANT, new Part.Text("I look."), call));
            Part.Text rain = new Part.Text("rain \"");
            messages.add(Message.of(Role.USER, new Part.ToolResult(call.id(), null, List.of(rain), false, null)));
            messages.add(Message.of(Role.ASSISTANT, new Part.Text("It rains.")));
        }
        messages.add(user(random));
        Json schema = Json.object().put("type", "object").build();
        ChatRequest.ToolChoice[] choices = {
            new ChatRequest.ToolChoice.Auto(),
            new ChatRequest.ToolChoice.Required(),
            new ChatRequest.ToolChoice.Named("f")
        };
        return new ChatRequest(
                "model",
                messages,
                List.of(new ChatRequest.Tool("f", "does", schema, true, null)),
                choices[random.below(choices.length)],
                false,
                null,
                new ChatRequest.Sampling(BigDecimal.valueOf(random.below(11), 1), null, null, null, null, null),
                16L + random.below(100),
                List.of(),
                null,
                random.below(2) == 0,
                true,
                "u",
                Map.of(),
                null,
                Map.of());
    }

    private static Message user(JsonDocuments random) {
        Part text = new Part.Text("Look: 😀");
        if (random.below(2) == 0) return Message.of(Role.USER, text);
        return Message.of(
                Role.USER,
                text,
                new Part.Document(new Part.Media.Inline("application/pdf", "JVBERg=="), "a.pdf", null));
    }
}
