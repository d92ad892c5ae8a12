/**
 * Applications of Dify: chats, chat flows, agents, completions and workflows. A key stands for an application: one that contains
 * {@code agent} for an agent, which answers in streams only, one that contains {@code flow} for a chat flow.
 *
 * <p>Start at {@link dev.sluice.simulator.dify.DifyVoices}.
 */
@NullMarked
package dev.sluice.simulator.dify;

import org.jspecify.annotations.NullMarked;
