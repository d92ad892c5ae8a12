/**
 * Calls whose answer is always one document and never a stream: embeddings, rerank. A format of theirs reads and writes both sides
 * of a call, as those of conversations do.
 *
 * <p>Start at {@link dev.sluice.protocol.whole.WholeFormat}.
 */
@NullMarked
package dev.sluice.protocol.whole;

import org.jspecify.annotations.NullMarked;
