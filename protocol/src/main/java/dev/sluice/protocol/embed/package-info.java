/**
 * Embeddings in no vendor's words: inputs and wishes on the way there, vectors on the way back. Vectors keep the spelling in which
 * they came.
 *
 * <p>Start at {@link dev.sluice.protocol.embed.EmbedFormat}.
 */
@NullMarked
package dev.sluice.protocol.embed;

import org.jspecify.annotations.NullMarked;
