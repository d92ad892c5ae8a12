/**
 * Bots of Coze: chats, streamed or asked after, and their end before their time.
 *
 * <p>Start at {@link dev.sluice.simulator.coze.CozeVoices}.
 */
@NullMarked
package dev.sluice.simulator.coze;

import org.jspecify.annotations.NullMarked;
