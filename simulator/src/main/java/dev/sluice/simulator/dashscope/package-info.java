/**
 * DashScope's own wire format: text and multimodal generation, embeddings, rerank, asynchronous tasks, and the applications of Bailian.
 *
 * <p>Start at {@link dev.sluice.simulator.dashscope.DashScopeVoices}.
 */
@NullMarked
package dev.sluice.simulator.dashscope;

import org.jspecify.annotations.NullMarked;
