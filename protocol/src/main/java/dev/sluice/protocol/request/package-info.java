/**
 * What the gateway must find in a request body of any format without decoding it.
 *
 * <p>Start at {@link dev.sluice.protocol.request.BodyPeek}.
 */
@NullMarked
package dev.sluice.protocol.request;

import org.jspecify.annotations.NullMarked;
