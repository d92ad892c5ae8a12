/**
 * Server-sent events as bytes: where one ends and the next begins, under any chunking, and what stands in one.
 *
 * <p>Start at {@link dev.sluice.protocol.sse.EventSplitter}.
 */
@NullMarked
package dev.sluice.protocol.sse;

import org.jspecify.annotations.NullMarked;
