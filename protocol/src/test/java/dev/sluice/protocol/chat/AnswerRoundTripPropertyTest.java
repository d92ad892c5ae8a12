package dev.sluice.protocol.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Usage;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.bedrock.Bedrock;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.ChatFormat.ClientView;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.hunyuan.Hunyuan;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonDocuments;
import dev.sluice.protocol.openai.OpenAi;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What a format writes of an answer it reads with the same meaning, whole or as a stream in chunks of any size. */
class AnswerRoundTripPropertyTest {
    /** Of a client that wants to see thoughts and what is new only, where its format leaves that to it. */
    private static final ClientView VIEW = new ClientView(
            "asked", true, "1", 1, Map.of("include_thoughts", Json.of(true), "incremental_output", Json.of(true)));

    /** What a format has words for, beside texts and calls. */
    private enum Said {
        ID,
        MODEL,
        TIME,
        THOUGHTS,
        SEALS_OF_THOUGHTS,
        REDACTED_THOUGHTS,
        REFUSALS,
        CALLS,
        SEALS_OF_CALLS,
        STOP_SEQUENCE,
        CACHE_READ,
        CACHE_WRITTEN,
        REASONING_TOKENS
    }

    /** @param reasons what is said in place of reasons that the format has no word for */
    private record Speaker(ChatFormat format, Map<StopReason, StopReason> reasons, List<Said> said) {
        private boolean says(Said what) {
            return said.contains(what);
        }
    }

    private static final Map<StopReason, StopReason> OF_CHAT = Map.of(
            StopReason.STOP_SEQUENCE, StopReason.END,
            StopReason.PAUSED, StopReason.END,
            StopReason.CONTEXT_FULL, StopReason.MAX_TOKENS);

    private static final List<Speaker> SPEAKERS = List.of(
            new Speaker(
                    OpenAi.chatCompletions(),
                    OF_CHAT,
                    List.of(
                            Said.ID,
                            Said.MODEL,
                            Said.TIME,
                            Said.THOUGHTS,
                            Said.SEALS_OF_THOUGHTS,
                            Said.REDACTED_THOUGHTS,
                            Said.REFUSALS,
                            Said.CALLS,
                            Said.SEALS_OF_CALLS,
                            Said.CACHE_READ,
                            Said.CACHE_WRITTEN,
                            Said.REASONING_TOKENS)),
            new Speaker(
                    OpenAi.responses(),
                    OF_CHAT,
                    List.of(
                            Said.ID,
                            Said.MODEL,
                            Said.TIME,
                            Said.THOUGHTS,
                            Said.SEALS_OF_THOUGHTS,
                            Said.REFUSALS,
                            Said.CALLS,
                            Said.CACHE_READ,
                            Said.CACHE_WRITTEN,
                            Said.REASONING_TOKENS)),
            new Speaker(
                    OpenAi.completions(),
                    without(OF_CHAT, StopReason.TOOL_CALLS),
                    List.of(
                            Said.ID,
                            Said.MODEL,
                            Said.TIME,
                            Said.CACHE_READ,
                            Said.CACHE_WRITTEN,
                            Said.REASONING_TOKENS)),
            new Speaker(
                    Anthropic.messages(),
                    Map.of(),
                    List.of(
                            Said.ID,
                            Said.MODEL,
                            Said.THOUGHTS,
                            Said.SEALS_OF_THOUGHTS,
                            Said.REDACTED_THOUGHTS,
                            Said.CALLS,
                            Said.STOP_SEQUENCE,
                            Said.CACHE_READ,
                            Said.CACHE_WRITTEN)),
            new Speaker(
                    Gemini.generateContent(),
                    OF_CHAT,
                    List.of(
                            Said.ID,
                            Said.MODEL,
                            Said.THOUGHTS,
                            Said.SEALS_OF_THOUGHTS,
                            Said.CALLS,
                            Said.SEALS_OF_CALLS,
                            Said.CACHE_READ,
                            Said.REASONING_TOKENS)),
            new Speaker(
                    DashScope.generation(),
                    OF_CHAT,
                    List.of(Said.ID, Said.THOUGHTS, Said.CALLS, Said.CACHE_READ, Said.REASONING_TOKENS)),
            new Speaker(
                    Bedrock.converse(),
                    without(Map.of(), StopReason.PAUSED),
                    List.of(
                            Said.THOUGHTS,
                            Said.SEALS_OF_THOUGHTS,
                            Said.REDACTED_THOUGHTS,
                            Said.CALLS,
                            Said.CACHE_READ,
                            Said.CACHE_WRITTEN)),
            new Speaker(
                    Cohere.chat(),
                    Map.of(StopReason.PAUSED, StopReason.END, StopReason.CONTEXT_FULL, StopReason.MAX_TOKENS),
                    List.of(Said.ID, Said.THOUGHTS, Said.CALLS, Said.CACHE_READ)),
            new Speaker(Hunyuan.chat(), OF_CHAT, List.of(Said.ID, Said.TIME, Said.THOUGHTS, Said.CALLS)));

    @Property(tries = 500)
    void wholeAnswersKeepTheirMeaning(@ForAll long seed) {
        ChatAnswer answer = answer(new JsonDocuments(seed));
        for (Speaker speaker : SPEAKERS) {
            byte[] bytes = speaker.format.writeAnswer(answer, VIEW);
            check(speaker, speaker.format.readAnswer(bytes, 0, bytes.length), answer);
        }
    }

    @Property(tries = 500)
    void streamedAnswersKeepTheirMeaning(@ForAll long seed) {
        JsonDocuments random = new JsonDocuments(seed);
        ChatAnswer answer = answer(random);
        List<ChatEvent> events = events(answer, random);
        for (Speaker speaker : SPEAKERS) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            StreamEncoder encoder = speaker.format.encoder(VIEW);
            for (ChatEvent event : events) encoder.write(event, out);
            check(speaker, collected(speaker.format, out.toByteArray(), random), answer);
        }
    }

    private static AnswerRead collected(ChatFormat format, byte[] bytes, JsonDocuments random) {
        AnswerCollector collector = new AnswerCollector();
        StreamDecoder decoder = format.decoder(1 << 20);
        int longest = 1 + random.below(200);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + random.below(longest));
            decoder.feed(bytes, from, to, collector::add);
            from = to;
        }
        decoder.end(collector::add);
        return collector.result();
    }

    private static void check(Speaker speaker, AnswerRead read, ChatAnswer answer) {
        String name = speaker.format.getClass().getSimpleName();
        assertThat(read).as(name).isInstanceOf(AnswerRead.Read.class);
        ChatAnswer told = ((AnswerRead.Read) read).answer();
        assertThat(with(told, joined(told.parts()))).as(name).isEqualTo(sayable(answer, speaker));
    }

    private static ChatAnswer sayable(ChatAnswer answer, Speaker speaker) {
        StopReason reason = answer.stopReason();
        Usage usage = answer.usage();
        List<Part> parts =
                answer.parts().stream().flatMap(part -> sayable(part, speaker)).toList();
        return new ChatAnswer(
                speaker.says(Said.ID) ? answer.id() : "",
                speaker.says(Said.MODEL) ? answer.model() : "",
                speaker.says(Said.TIME) ? answer.createdSeconds() : 0,
                joined(parts),
                speaker.reasons.getOrDefault(reason, reason),
                speaker.says(Said.STOP_SEQUENCE) ? answer.stopSequence() : null,
                new Usage(
                        usage.inputTokens(),
                        speaker.says(Said.CACHE_READ) ? usage.cachedInputTokens() : 0,
                        speaker.says(Said.CACHE_WRITTEN) ? usage.cacheWrittenTokens() : 0,
                        usage.outputTokens(),
                        speaker.says(Said.REASONING_TOKENS) ? usage.reasoningTokens() : 0),
                null);
    }

    private static Stream<Part> sayable(Part part, Speaker speaker) {
        return switch (part) {
            case Part.Thinking(String text, String seal) -> {
                String kept = speaker.says(Said.SEALS_OF_THOUGHTS) ? seal : null;
                boolean nothing = text.isEmpty() && kept == null;
                yield speaker.says(Said.THOUGHTS) && !nothing ? Stream.of(new Part.Thinking(text, kept)) : Stream.of();
            }
            case Part.RedactedThinking _ -> speaker.says(Said.REDACTED_THOUGHTS) ? Stream.of(part) : Stream.of();
            // A format that has no word for it says what was said.
            case Part.Refusal(String text) -> Stream.of(speaker.says(Said.REFUSALS) ? part : new Part.Text(text));
            case Part.ToolCall call -> {
                if (!speaker.says(Said.CALLS)) yield Stream.of();
                yield Stream.of(
                        speaker.says(Said.SEALS_OF_CALLS)
                                ? call
                                : new Part.ToolCall(call.id(), call.name(), call.arguments()));
            }
            default -> Stream.of(part);
        };
    }

    /** Texts that follow one another mean what one text does. */
    private static List<Part> joined(List<Part> parts) {
        List<Part> joined = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Text more && !joined.isEmpty() && joined.getLast() instanceof Part.Text text)
                joined.set(joined.size() - 1, new Part.Text(text.text() + more.text()));
            else joined.add(part);
        }
        return joined;
    }

    private static ChatAnswer with(ChatAnswer answer, List<Part> parts) {
        return new ChatAnswer(
                answer.id(),
                answer.model(),
                answer.createdSeconds(),
                parts,
                answer.stopReason(),
                answer.stopSequence(),
                answer.usage(),
                answer.conversationId());
    }

    private static Map<StopReason, StopReason> without(Map<StopReason, StopReason> reasons, StopReason unknown) {
        Map<StopReason, StopReason> more = new EnumMap<>(StopReason.class);
        more.putAll(reasons);
        more.put(unknown, StopReason.END);
        return more;
    }

    private static ChatAnswer answer(JsonDocuments random) {
        List<Part> parts = new ArrayList<>();
        if (random.chance()) {
            String seal = random.chance() ? "c2ln" : null;
            parts.add(new Part.Thinking(seal != null && random.chance() ? "" : text(random), seal));
        }
        if (random.below(4) == 0) parts.add(new Part.RedactedThinking("aGlkZGVu"));
        if (random.chance()) parts.add(new Part.Text(text(random)));
        if (random.below(4) == 0) parts.add(new Part.Refusal(text(random)));
        int calls = random.below(3);
        for (int i = 0; i < calls; i++) parts.add(call("id" + i, random));
        StopReason[] reasons = calls > 0
                ? new StopReason[] {StopReason.TOOL_CALLS, StopReason.MAX_TOKENS}
                : EnumSet.complementOf(EnumSet.of(StopReason.TOOL_CALLS)).toArray(new StopReason[0]);
        StopReason reason = reasons[random.below(reasons.length)];
        String sequence = reason == StopReason.STOP_SEQUENCE ? "###" : null;
        Usage usage = new Usage(
                1000 + random.below(9), random.below(500), random.below(500), 60 + random.below(9), random.below(60));
        return new ChatAnswer("id", "model", 5, parts, reason, sequence, usage, null);
    }

    private static Part call(String id, JsonDocuments random) {
        String[] arguments = {"{}", "{\"a\":1e400}", "{\"b\":[\"ü\",null]}", "{\"c\":{\"d\":\"}{\"}}"};
        return new Part.ToolCall(
                id, text(random).strip() + "f", arguments[random.below(4)], random.chance() ? "c2VhbA==" : null, null);
    }

    private static String text(JsonDocuments random) {
        String[] texts = {"a", "Grüße 😀", "\"\\\n\t", " x ", "\u0001", "\r\n\r\ndata: [DONE]\n\n"};
        return texts[random.below(texts.length)];
    }

    private static List<ChatEvent> events(ChatAnswer answer, JsonDocuments random) {
        List<ChatEvent> events = new ArrayList<>();
        AnswerEvents.of(answer, event -> {
            switch (event) {
                case ChatEvent.TextDelta(String text) -> pieces(text, random, ChatEvent.TextDelta::new, events);
                case ChatEvent.ThinkingDelta(String text) -> pieces(text, random, ChatEvent.ThinkingDelta::new, events);
                case ChatEvent.RefusalDelta(String text) -> pieces(text, random, ChatEvent.RefusalDelta::new, events);
                case ChatEvent.ToolCallDelta(int index, String text) ->
                    pieces(text, random, piece -> new ChatEvent.ToolCallDelta(index, piece), events);
                default -> events.add(event);
            }
        });
        return events;
    }

    /** Cuts a text in two, behind a whole character. */
    private static void pieces(
            String text, JsonDocuments random, Function<String, ChatEvent> event, List<ChatEvent> events) {
        int cut = text.offsetByCodePoints(0, random.below(text.codePointCount(0, text.length())));
        if (cut > 0) events.add(event.apply(text.substring(0, cut)));
        events.add(event.apply(text.substring(cut)));
    }
}
