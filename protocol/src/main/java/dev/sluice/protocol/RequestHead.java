package dev.sluice.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The few facts that the gateway needs of a JSON request body, with the byte ranges to change.
 *
 * @param model the model that the client asked for
 * @param modelFrom offset in the body of the opening quote of the model's value; -1 where the path names the model
 * @param modelTo offset just behind its closing quote
 * @param stream whether the client asked for a streamed answer
 * @param askUsage the edit that makes the upstream report usage in a stream; absent when the client asked for it
 *     itself, when the answer is not streamed or when the format always reports it
 * @param background whether the provider may go on with it when the call has ended
 * @param maxOutputTokens the client's own limit on output tokens times the number of choices; 0 if it set none
 * @param input the text-bearing part of the body (raw JSON of messages, input, prompt, tools …) for estimates;
 *     inline media counts as a fixed small number of bytes each
 */
public record RequestHead(
        String model,
        int modelFrom,
        int modelTo,
        boolean stream,
        @Nullable Splice askUsage,
        boolean background,
        long maxOutputTokens,
        TextSample input)
        implements Peek {}
