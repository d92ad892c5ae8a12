package dev.sluice.protocol.chat;

import dev.sluice.protocol.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks a model, without the form of any wire format.
 *
 * @param model the model's name as the client gave it
 * @param messages the conversation so far, oldest first; instructions are messages of role {@link Role#SYSTEM}, where they stood
 * @param tools what the model may call; empty for none
 * @param toolChoice null where the client said nothing
 * @param parallelToolCalls whether several calls may come at once; null where the client said nothing
 * @param outputFormat null for free text
 * @param sampling how tokens are chosen
 * @param maxOutputTokens null where the client set no limit
 * @param stopSequences texts that end the output
 * @param reasoning null where the client said nothing
 * @param stream whether the answer is wanted event by event
 * @param streamUsage whether a streamed answer shall tell usage where the format leaves that to the client
 * @param user the client's own name for the person behind the call
 * @param metadata labels of the client, passed on where the other side has them
 * @param conversationId the conversation of an agent service that this call continues
 * @param extensions members of the client's request that the conversation does not model and that some vendors
 *     understand, by their name in OpenAI chat form (e.g. {@code enable_thinking}, {@code top_k} stands in sampling); a
 *     format writes only those that its vendor knows
 */
public record ChatRequest(
        String model,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelToolCalls,
        @Nullable OutputFormat outputFormat,
        Sampling sampling,
        @Nullable Long maxOutputTokens,
        List<String> stopSequences,
        @Nullable Reasoning reasoning,
        boolean stream,
        boolean streamUsage,
        @Nullable String user,
        Map<String, Json> metadata,
        @Nullable String conversationId,
        Map<String, Json> extensions) {
    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        stopSequences = List.copyOf(stopSequences);
        metadata = Map.copyOf(metadata);
        extensions = Map.copyOf(extensions);
    }

    /** Whether the model may call a tool. */
    public boolean mayCall() {
        return !tools.isEmpty() && !(toolChoice instanceof ToolChoice.None);
    }

    /** The same request for another model. */
    public ChatRequest forModel(String other) {
        return with(other, messages, conversationId);
    }

    /** The same request as a part of a conversation that an agent service keeps. */
    public ChatRequest withConversation(String id) {
        return with(model, messages, id);
    }

    /** The same request with other messages. */
    public ChatRequest withMessages(List<Message> others) {
        return with(model, others, conversationId);
    }

    private ChatRequest with(String newModel, List<Message> newMessages, @Nullable String newConversationId) {
        return new ChatRequest(
                newModel,
                newMessages,
                tools,
                toolChoice,
                parallelToolCalls,
                outputFormat,
                sampling,
                maxOutputTokens,
                stopSequences,
                reasoning,
                stream,
                streamUsage,
                user,
                metadata,
                newConversationId,
                extensions);
    }

    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT
    }

    /**
     * What one side said. Results of tools are parts of a user's message, calls of tools of an assistant's.
     *
     * @param name the author's name, for formats that tell several users apart
     */
    public record Message(
            Role role, List<Part> parts, @Nullable String name) {
        public Message {
            parts = List.copyOf(parts);
        }

        public static Message of(Role role, Part... parts) {
            return new Message(role, List.of(parts), null);
        }
    }

    /**
     * Something that the model may call.
     *
     * @param parameters JSON schema of its arguments, as the client wrote it; {@link Json#none} if it gave none
     * @param strict whether arguments must fit the schema; null where the client said nothing
     * @param cache a cache hint behind this tool
     */
    public record Tool(
            String name,
            @Nullable String description,
            Json parameters,
            @Nullable Boolean strict,
            @Nullable CacheHint cache) {}

    /** Whether and what the model must call. */
    public sealed interface ToolChoice {
        record Auto() implements ToolChoice {}

        record None() implements ToolChoice {}

        /** Some tool, whichever. */
        record Required() implements ToolChoice {}

        record Named(String name) implements ToolChoice {}
    }

    /** The form that the output text must have. */
    public sealed interface OutputFormat {
        record JsonObject() implements OutputFormat {}

        /** @param name a label of the schema, {@code output} where the client's format has none */
        record JsonSchema(
                String name,
                @Nullable String description,
                Json schema,
                @Nullable Boolean strict) implements OutputFormat {}
    }

    /** How tokens are chosen; null where the client said nothing. Numbers keep the client's spelling. */
    public record Sampling(
            @Nullable BigDecimal temperature,
            @Nullable BigDecimal topP,
            @Nullable Long topK,
            @Nullable Long seed,
            @Nullable BigDecimal presencePenalty,
            @Nullable BigDecimal frequencyPenalty) {
        public static final Sampling UNSET = new Sampling(null, null, null, null, null, null);
    }

    /**
     * How much the model thinks before it answers.
     *
     * @param effort null where the client gave a budget or said nothing about how much
     * @param budgetTokens most tokens spent on thinking; null where the client gave an effort
     * @param shown whether the client wants to see the thoughts; null where it said nothing
     */
    public record Reasoning(
            @Nullable Effort effort,
            @Nullable Long budgetTokens,
            @Nullable Boolean shown) {}

    public enum Effort {
        /** Thinking is off. */
        NONE,
        MINIMAL,
        LOW,
        MEDIUM,
        HIGH,
        XHIGH,
        MAX
    }

    /**
     * The client asks that everything up to here is cached.
     *
     * @param ttl e.g. {@code 1h}; null for the vendor's default
     */
    public record CacheHint(@Nullable String ttl) {}
}
