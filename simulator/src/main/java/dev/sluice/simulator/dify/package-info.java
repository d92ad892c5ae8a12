/**
 * Applications of Dify: chats, agents, completions and workflows. A key stands for an application; one whose key contains {@code agent}
 * is an agent, which answers in streams only.
 *
 * <p>Start at {@link dev.sluice.simulator.dify.DifyVoices}.
 */
@NullMarked
package dev.sluice.simulator.dify;

import org.jspecify.annotations.NullMarked;
