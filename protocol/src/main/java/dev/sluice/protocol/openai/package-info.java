/**
 * The OpenAI wire format: chat completions, completions, responses, embeddings, the model list and its error form.
 *
 * <p>Start at {@link dev.sluice.protocol.openai.OpenAi}.
 */
@NullMarked
package dev.sluice.protocol.openai;

import org.jspecify.annotations.NullMarked;
