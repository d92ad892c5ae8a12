package dev.sluice.protocol.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Asked;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.bedrock.Bedrock;
import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Role;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import dev.sluice.protocol.cohere.Cohere;
import dev.sluice.protocol.dashscope.DashScope;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.protocol.hunyuan.Hunyuan;
import dev.sluice.protocol.json.Json;
import dev.sluice.protocol.json.JsonDocuments;
import dev.sluice.protocol.openai.OpenAi;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** What a format writes of a request it reads with the same meaning. */
class RequestRoundTripPropertyTest {
    /**
     * What a format can say.
     *
     * @param path whether the path names the model, and path or a header asks for the stream
     * @param refused taken out before, as the format refuses it
     * @param lost what it leaves out or says in other words
     */
    private record Speaker(
            ChatFormat format,
            String model,
            boolean path,
            List<Consumer<RequestDraft>> refused,
            List<Consumer<RequestDraft>> lost) {}

    private static final Consumer<RequestDraft> TOP_K = draft -> draft.topK = null;
    private static final Consumer<RequestDraft> SEED = draft -> draft.seed = null;
    private static final Consumer<RequestDraft> FREQUENCY = draft -> draft.frequency = null;
    private static final Consumer<RequestDraft> PENALTIES = draft -> draft.presence = draft.frequency = null;
    private static final Consumer<RequestDraft> LIMIT = draft -> draft.limit = null;
    private static final Consumer<RequestDraft> STOPS = draft -> draft.stops = List.of();
    private static final Consumer<RequestDraft> USER = draft -> draft.user = null;
    private static final Consumer<RequestDraft> PARALLEL = draft -> draft.parallel = null;
    private static final Consumer<RequestDraft> FORMAT = draft -> draft.format = null;
    private static final Consumer<RequestDraft> BARE_JSON =
            draft -> draft.format = draft.format instanceof OutputFormat.JsonObject ? null : draft.format;
    private static final Consumer<RequestDraft> STRICT_TOOLS = draft -> draft.tools = draft.tools.stream()
            .map(tool -> new Tool(tool.name(), tool.description(), tool.parameters(), null, null))
            .toList();
    private static final Consumer<RequestDraft> TOOLS = draft -> {
        draft.tools = List.of();
        draft.choice = null;
        draft.parallel = null;
    };
    private static final Consumer<RequestDraft> THOUGHTS = draft -> draft.parts(part ->
            part instanceof Part.Thinking || part instanceof Part.RedactedThinking ? Stream.empty() : Stream.of(part));
    private static final Consumer<RequestDraft> REDACTED =
            draft -> draft.parts(part -> part instanceof Part.RedactedThinking ? Stream.empty() : Stream.of(part));
    private static final Consumer<RequestDraft> UNSEALED = draft -> draft.parts(
            part -> part instanceof Part.Thinking(var _, var seal) && seal == null ? Stream.empty() : Stream.of(part));
    private static final Consumer<RequestDraft> SEALS_OF_CALLS = draft -> draft.parts(part -> Stream.of(
            part instanceof Part.ToolCall call ? new Part.ToolCall(call.id(), call.name(), call.arguments()) : part));
    private static final Consumer<RequestDraft> FAILURE_IN_WORDS = draft -> draft.parts(part -> Stream.of(
            part instanceof Part.ToolResult(var id, var name, var content, var failed, var _) && failed
                    ? new Part.ToolResult(
                            id,
                            name,
                            List.of(new Part.Text("Error: " + ((Part.Text) content.getFirst()).text())),
                            false,
                            null)
                    : part));
    private static final Consumer<RequestDraft> DOCUMENTS =
            draft -> draft.parts(part -> part instanceof Part.Document ? Stream.empty() : Stream.of(part));
    private static final Consumer<RequestDraft> ONE_OF_TWO_SAMPLINGS =
            draft -> draft.topP = draft.temperature == null ? draft.topP : null;
    private static final Consumer<RequestDraft> THE_ONLY_TOOL = draft ->
            draft.choice = draft.choice instanceof ToolChoice.Required ? new ToolChoice.Named("f") : draft.choice;

    private static Consumer<RequestDraft> schemaOnly(@Nullable Boolean strict) {
        return draft -> {
            if (draft.format instanceof OutputFormat.JsonSchema schema)
                draft.format = new OutputFormat.JsonSchema("output", null, schema.schema(), strict);
        };
    }

    private static final List<Speaker> SPEAKERS = List.of(
            new Speaker(
                    OpenAi.chatCompletions(), "model", false, List.of(), List.of(TOP_K, THOUGHTS, FAILURE_IN_WORDS)),
            new Speaker(
                    OpenAi.responses(),
                    "model",
                    false,
                    List.of(STOPS),
                    List.of(
                            TOP_K,
                            SEED,
                            PENALTIES,
                            UNSEALED,
                            REDACTED,
                            SEALS_OF_CALLS,
                            FAILURE_IN_WORDS,
                            RequestRoundTripPropertyTest::detailOfImages)),
            new Speaker(
                    OpenAi.completions(),
                    "model",
                    false,
                    List.of(TOOLS, FORMAT, RequestRoundTripPropertyTest::textsOfUsers),
                    List.of(TOP_K, RequestRoundTripPropertyTest::onePrompt)),
            new Speaker(
                    Anthropic.messages(),
                    "claude-sonnet-4-5",
                    false,
                    List.of(BARE_JSON),
                    List.of(
                            SEED,
                            PENALTIES,
                            ONE_OF_TWO_SAMPLINGS,
                            UNSEALED,
                            SEALS_OF_CALLS,
                            schemaOnly(true),
                            RequestRoundTripPropertyTest::oneCallWithinTheChoice)),
            new Speaker(
                    Gemini.generateContent(),
                    "gemini-2.5-flash",
                    true,
                    List.of(),
                    List.of(
                            USER,
                            PARALLEL,
                            STRICT_TOOLS,
                            THOUGHTS,
                            schemaOnly(null),
                            RequestRoundTripPropertyTest::resultsNamed,
                            RequestRoundTripPropertyTest::namesOfDocuments)),
            new Speaker(
                    DashScope.generation(),
                    "model",
                    true,
                    List.of(DOCUMENTS),
                    List.of(
                            USER,
                            FREQUENCY,
                            STRICT_TOOLS,
                            THE_ONLY_TOOL,
                            THOUGHTS,
                            SEALS_OF_CALLS,
                            FAILURE_IN_WORDS,
                            draft -> draft.parallel = !Boolean.FALSE.equals(draft.parallel))),
            new Speaker(
                    Bedrock.converse(),
                    "anthropic.claude-sonnet-4-5",
                    true,
                    List.of(FORMAT, RequestRoundTripPropertyTest::noChoiceOfNone),
                    List.of(
                            USER,
                            SEED,
                            PENALTIES,
                            ONE_OF_TWO_SAMPLINGS,
                            PARALLEL,
                            STRICT_TOOLS,
                            UNSEALED,
                            SEALS_OF_CALLS,
                            RequestRoundTripPropertyTest::hyphensInNamesOfDocuments)),
            new Speaker(
                    Cohere.chat(),
                    "model",
                    false,
                    List.of(DOCUMENTS),
                    List.of(
                            USER,
                            PARALLEL,
                            STRICT_TOOLS,
                            THOUGHTS,
                            SEALS_OF_CALLS,
                            FAILURE_IN_WORDS,
                            schemaOnly(true),
                            RequestRoundTripPropertyTest::choicesOfCohere)),
            new Speaker(
                    Hunyuan.chat(),
                    "model",
                    false,
                    List.of(DOCUMENTS, FORMAT),
                    List.of(
                            USER,
                            LIMIT,
                            TOP_K,
                            PENALTIES,
                            PARALLEL,
                            STRICT_TOOLS,
                            THE_ONLY_TOOL,
                            THOUGHTS,
                            SEALS_OF_CALLS,
                            FAILURE_IN_WORDS)));

    @Property(tries = 500)
    void requestsKeepTheirMeaning(@ForAll long seed) {
        ChatRequest any = request(new JsonDocuments(seed));
        for (Speaker speaker : SPEAKERS) {
            ChatRequest sent = RequestDraft.of(any.forModel(speaker.model), speaker.refused);
            byte[] written = speaker.format.writeRequest(sent, Dialect.PLAIN);
            Asked asked = speaker.path ? new Asked(speaker.model, sent.stream()) : Asked.IN_BODY;
            assertThat(speaker.format.readRequest(written, asked))
                    .as(speaker.format.getClass().getSimpleName())
                    .usingRecursiveComparison()
                    // Formats keep wishes about the form of the answer among the extensions.
                    .ignoringFields("streamUsage", "extensions")
                    .isEqualTo(RequestDraft.of(sent, speaker.lost));
        }
    }

    private static void detailOfImages(RequestDraft draft) {
        draft.parts(part ->
                Stream.of(part instanceof Part.Image image ? new Part.Image(image.media(), "auto", null) : part));
    }

    private static void textsOfUsers(RequestDraft draft) {
        draft.parts(part -> part instanceof Part.Text ? Stream.of(part) : Stream.empty());
        draft.messages = draft.messages.stream()
                .filter(message -> message.role() != Role.ASSISTANT)
                .toList();
    }

    private static void onePrompt(RequestDraft draft) {
        List<String> texts = draft.messages.stream()
                .flatMap(message -> message.parts().stream())
                .map(part -> ((Part.Text) part).text())
                .toList();
        draft.messages = List.of(Message.of(Role.USER, new Part.Text(String.join("\n\n", texts))));
    }

    /** Anthropic says within the choice of tools that only one may be called, and nothing where several may. */
    private static void oneCallWithinTheChoice(RequestDraft draft) {
        boolean one = Boolean.FALSE.equals(draft.parallel) && !(draft.choice instanceof ToolChoice.None);
        draft.parallel = one ? false : null;
        if (one && draft.choice == null) draft.choice = new ToolChoice.Auto();
    }

    private static void noChoiceOfNone(RequestDraft draft) {
        if (draft.choice instanceof ToolChoice.None) draft.choice = null;
    }

    /** Cohere is shown only the tool that it must call, and left the choice where it is told nothing. */
    private static void choicesOfCohere(RequestDraft draft) {
        if (draft.choice instanceof ToolChoice.Auto) draft.choice = null;
        if (draft.choice instanceof ToolChoice.Named) draft.choice = new ToolChoice.Required();
    }

    private static void resultsNamed(RequestDraft draft) {
        draft.parts(part -> Stream.of(
                part instanceof Part.ToolResult(var id, var _, var content, var failed, var _)
                        ? new Part.ToolResult(id, "f", content, failed, null)
                        : part));
    }

    private static void namesOfDocuments(RequestDraft draft) {
        rename(draft, null);
    }

    private static void hyphensInNamesOfDocuments(RequestDraft draft) {
        rename(draft, "a-pdf");
    }

    private static void rename(RequestDraft draft, @Nullable String name) {
        draft.parts(part -> Stream.of(
                part instanceof Part.Document document ? new Part.Document(document.media(), name, null) : part));
    }

    private static ChatRequest request(JsonDocuments random) {
        List<Message> messages = new ArrayList<>();
        if (random.chance()) messages.add(Message.of(Role.SYSTEM, new Part.Text("Be brief. ü")));
        for (int turn = random.below(3); turn > 0; turn--) {
            messages.add(user(random));
            Part.ToolCall call = new Part.ToolCall(
                    "id" + turn,
                    "f",
                    pick(random, "{}", "{\"a\":1e400}", "{\"b\":[\"ü\",null]}"),
                    random.chance() ? "c2VhbA==" : null,
                    null);
            List<Part> said = new ArrayList<>();
            if (random.chance()) said.add(new Part.Thinking("Hm.", random.chance() ? "c2ln" : null));
            if (random.chance()) said.add(new Part.RedactedThinking("aGlkZGVu"));
            said.add(new Part.Text("I look."));
            said.add(call);
            messages.add(new Message(Role.ASSISTANT, said, null));
            Part.Text told = new Part.Text(pick(random, "rain \"", "{\"degrees\":7,\"sky\":null}", "7", "[]"));
            messages.add(
                    Message.of(Role.USER, new Part.ToolResult(call.id(), null, List.of(told), random.chance(), null)));
            messages.add(Message.of(Role.ASSISTANT, new Part.Text("It rains.")));
        }
        messages.add(user(random));
        Json schema = Json.object()
                .put("type", "object")
                .put(
                        "properties",
                        Json.object()
                                .put("city", Json.object().put("type", "string").build())
                                .build())
                .build();
        ToolChoice choice = pick(
                random,
                null,
                new ToolChoice.Auto(),
                new ToolChoice.None(),
                new ToolChoice.Required(),
                new ToolChoice.Named("f"));
        OutputFormat format = pick(
                random,
                null,
                new OutputFormat.JsonObject(),
                new OutputFormat.JsonSchema("shape", "of the answer", schema, true));
        Sampling sampling = new Sampling(
                random.chance() ? null : BigDecimal.valueOf(random.below(11), 1),
                random.chance() ? null : new BigDecimal("0.5"),
                random.chance() ? null : 40L,
                random.chance() ? null : 7L,
                random.chance() ? null : new BigDecimal("0.25"),
                random.chance() ? null : new BigDecimal("-0.25"));
        return new ChatRequest(
                "model",
                messages,
                List.of(new Tool("f", "does", schema, true, null)),
                choice,
                pick(random, null, true, false),
                format,
                sampling,
                16L + random.below(100),
                random.chance() ? List.of() : List.of("###", "ENDE ü"),
                null,
                random.chance(),
                true,
                "u",
                Map.of(),
                null,
                Map.of());
    }

    private static Message user(JsonDocuments random) {
        Part text = new Part.Text("Look: 😀");
        return switch (random.below(3)) {
            case 0 -> Message.of(Role.USER, text);
            case 1 -> Message.of(Role.USER, text, new Part.Image(new Part.Media.Inline("image/png", "iVBORw==")));
            default ->
                Message.of(
                        Role.USER,
                        text,
                        new Part.Document(new Part.Media.Inline("application/pdf", "JVBERg=="), "a.pdf", null));
        };
    }

    @SafeVarargs
    private static <T extends @Nullable Object> T pick(JsonDocuments random, T... from) {
        return from[random.below(from.length)];
    }
}
