/**
 * The Gemini wire format: content, the count of tokens, the model list and its error form.
 *
 * <p>Start at {@link dev.sluice.protocol.gemini.Gemini}.
 */
@NullMarked
package dev.sluice.protocol.gemini;

import org.jspecify.annotations.NullMarked;
