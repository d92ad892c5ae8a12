/**
 * The Anthropic wire format: messages, the count of tokens, the model list and its error form.
 *
 * <p>Start at {@link dev.sluice.protocol.anthropic.Anthropic}.
 */
@NullMarked
package dev.sluice.protocol.anthropic;

import org.jspecify.annotations.NullMarked;
