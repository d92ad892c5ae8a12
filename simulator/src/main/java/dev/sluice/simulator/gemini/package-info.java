/**
 * The Gemini wire format as Google speaks it, on the Gemini API and on Vertex AI: contents whole and in both kinds of stream, token counts,
 * embeddings, models, and the tokens for which service accounts exchange their assertions.
 *
 * <p>Start at {@link dev.sluice.simulator.gemini.GeminiVoices}.
 */
@NullMarked
package dev.sluice.simulator.gemini;

import org.jspecify.annotations.NullMarked;
