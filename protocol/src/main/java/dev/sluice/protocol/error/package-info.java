/**
 * Errors as upstreams tell them, read leniently from any vendor's envelope.
 *
 * <p>Start at {@link dev.sluice.protocol.error.ErrorReader}.
 */
@NullMarked
package dev.sluice.protocol.error;

import org.jspecify.annotations.NullMarked;
