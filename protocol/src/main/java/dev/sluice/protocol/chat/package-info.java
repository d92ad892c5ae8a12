/**
 * The canonical conversation: what a chat request, its answer and the events of a streamed answer mean, whatever the wire format.
 * Each format reads into it and writes from it, and knows no other format.
 *
 * <p>Start at {@link dev.sluice.protocol.chat.ChatRequest}, then {@link dev.sluice.protocol.chat.ChatFormat}.
 */
@NullMarked
package dev.sluice.protocol.chat;

import org.jspecify.annotations.NullMarked;
