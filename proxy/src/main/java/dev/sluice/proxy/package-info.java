/**
 * The life of a call, from the request's first byte to the usage record. The only module that orders stages.
 *
 * <p>Start at {@link dev.sluice.proxy.Pipeline}.
 */
@NullMarked
package dev.sluice.proxy;

import org.jspecify.annotations.NullMarked;
