/**
 * Cohere's chat, version 2.
 *
 * <p>Start at {@link dev.sluice.protocol.cohere.Cohere}.
 */
@NullMarked
package dev.sluice.protocol.cohere;

import org.jspecify.annotations.NullMarked;
