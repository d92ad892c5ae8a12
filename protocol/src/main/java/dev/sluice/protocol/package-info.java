/**
 * What is said on the wire: what the gateway must know of a request, an answer and a stream, and how it says an error,
 * without decoding what it passes through. One package per wire format; formats do not know each other.
 *
 * <p>Start at {@link dev.sluice.protocol.WireFormat}.
 */
@NullMarked
package dev.sluice.protocol;

import org.jspecify.annotations.NullMarked;
