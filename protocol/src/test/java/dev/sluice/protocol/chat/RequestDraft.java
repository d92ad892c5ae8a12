package dev.sluice.protocol.chat;

import dev.sluice.protocol.chat.ChatRequest.Message;
import dev.sluice.protocol.chat.ChatRequest.OutputFormat;
import dev.sluice.protocol.chat.ChatRequest.Sampling;
import dev.sluice.protocol.chat.ChatRequest.Tool;
import dev.sluice.protocol.chat.ChatRequest.ToolChoice;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A request that is being made smaller, to what a format can say of it. */
final class RequestDraft {
    String model;
    List<Message> messages;
    List<Tool> tools;

    @Nullable
    ToolChoice choice;

    @Nullable
    Boolean parallel;

    @Nullable
    OutputFormat format;

    @Nullable
    BigDecimal temperature;

    @Nullable
    BigDecimal topP;

    @Nullable
    Long topK;

    @Nullable
    Long seed;

    @Nullable
    BigDecimal presence;

    @Nullable
    BigDecimal frequency;

    @Nullable
    Long limit;

    List<String> stops;
    boolean stream;

    @Nullable
    String user;

    private RequestDraft(ChatRequest request) {
        model = request.model();
        messages = request.messages();
        tools = request.tools();
        choice = request.toolChoice();
        parallel = request.parallelToolCalls();
        format = request.outputFormat();
        temperature = request.sampling().temperature();
        topP = request.sampling().topP();
        topK = request.sampling().topK();
        seed = request.sampling().seed();
        presence = request.sampling().presencePenalty();
        frequency = request.sampling().frequencyPenalty();
        limit = request.maxOutputTokens();
        stops = request.stopSequences();
        stream = request.stream();
        user = request.user();
    }

    static ChatRequest of(ChatRequest request, List<Consumer<RequestDraft>> cuts) {
        RequestDraft draft = new RequestDraft(request);
        cuts.forEach(cut -> cut.accept(draft));
        return draft.request();
    }

    /** What becomes of each part; messages without any are gone. */
    void parts(Function<Part, Stream<? extends Part>> change) {
        messages = messages.stream()
                .map(message -> new Message(
                        message.role(),
                        message.parts().stream().<Part>flatMap(change).toList(),
                        message.name()))
                .filter(message -> !message.parts().isEmpty())
                .toList();
    }

    private ChatRequest request() {
        return new ChatRequest(
                model,
                messages,
                tools,
                choice,
                parallel,
                format,
                new Sampling(temperature, topP, topK, seed, presence, frequency),
                limit,
                stops,
                null,
                stream,
                true,
                user,
                Map.of(),
                null,
                Map.of());
    }
}
