/**
 * Counts of tokens: what a conversation would cost before it is sent. A vendor counts what it would be sent itself, so a request is
 * translated as the conversation would be.
 *
 * <p>Start at {@link dev.sluice.protocol.count.CountFormat}.
 */
@NullMarked
package dev.sluice.protocol.count;

import org.jspecify.annotations.NullMarked;
