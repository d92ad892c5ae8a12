/**
 * What shall go wrong with an answer, and how slowly it comes: a small grammar of directives and the values they stand for. Nothing
 * here knows a wire format or a connection.
 *
 * <p>Start at {@link dev.sluice.simulator.fault.Fault}.
 */
@NullMarked
package dev.sluice.simulator.fault;

import org.jspecify.annotations.NullMarked;
