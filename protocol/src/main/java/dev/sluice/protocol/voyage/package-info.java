/**
 * Embeddings and rerank as Voyage AI has them. Spoken with upstreams only: its clients send what OpenAI's and Jina's send.
 *
 * <p>Start at {@link dev.sluice.protocol.voyage.Voyage}.
 */
@NullMarked
package dev.sluice.protocol.voyage;

import org.jspecify.annotations.NullMarked;
