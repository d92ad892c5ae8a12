/**
 * Cohere's own wire format, version 2: chat, embeddings and rerank.
 *
 * <p>Start at {@link dev.sluice.simulator.cohere.CohereVoices}.
 */
@NullMarked
package dev.sluice.simulator.cohere;

import org.jspecify.annotations.NullMarked;
