/**
 * Embeddings and rerank as Voyage AI has them. Its paths end as OpenAI's and Jina's do, so a base path that contains {@code voyage} tells them
 * apart.
 *
 * <p>Start at {@link dev.sluice.simulator.voyage.VoyageVoices}.
 */
@NullMarked
package dev.sluice.simulator.voyage;

import org.jspecify.annotations.NullMarked;
