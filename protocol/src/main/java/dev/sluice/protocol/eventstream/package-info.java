/**
 * AWS's binary event stream: messages with headers, a payload and checksums, read, written and cut out of chunks; and the errors that go with it.
 *
 * <p>Start at {@link dev.sluice.protocol.eventstream.FrameDecoder}.
 */
@NullMarked
package dev.sluice.protocol.eventstream;

import org.jspecify.annotations.NullMarked;
