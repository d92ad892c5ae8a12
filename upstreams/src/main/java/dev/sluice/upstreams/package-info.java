/**
 * Whom we call: connections to upstreams, the provider's credential, and the headers that may travel in either direction.
 *
 * <p>Start at {@link dev.sluice.upstreams.UpstreamClient}.
 */
@NullMarked
package dev.sluice.upstreams;

import org.jspecify.annotations.NullMarked;
