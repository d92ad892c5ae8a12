/**
 * The Bedrock runtime as AWS speaks it: converse and invoke, whole and as binary event streams, and token counts.
 *
 * <p>Start at {@link dev.sluice.simulator.bedrock.BedrockVoices}.
 */
@NullMarked
package dev.sluice.simulator.bedrock;

import org.jspecify.annotations.NullMarked;
