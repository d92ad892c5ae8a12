/**
 * The Anthropic wire format as its provider speaks it: messages, token counts and models, at the vendor's own paths and at those of Claude on
 * Vertex AI; Bedrock lends the answers of this format.
 *
 * <p>Start at {@link dev.sluice.simulator.anthropic.AnthropicVoices}.
 */
@NullMarked
package dev.sluice.simulator.anthropic;

import org.jspecify.annotations.NullMarked;
