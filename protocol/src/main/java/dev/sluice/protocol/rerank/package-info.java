/**
 * Ranking documents by what they say about a query, in no vendor's words.
 *
 * <p>Start at {@link dev.sluice.protocol.rerank.RerankFormat}.
 */
@NullMarked
package dev.sluice.protocol.rerank;

import org.jspecify.annotations.NullMarked;
