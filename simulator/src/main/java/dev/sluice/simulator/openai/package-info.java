/**
 * The OpenAI wire format as its provider speaks it: chat completions, responses, completions, embeddings and models.
 *
 * <p>Start at {@link dev.sluice.simulator.openai.OpenAiVoices}.
 */
@NullMarked
package dev.sluice.simulator.openai;

import org.jspecify.annotations.NullMarked;
