/**
 * Images and documents that a client names by URL and that a provider cannot take so: fetched under limits, never from inside the
 * operator's network.
 *
 * <p>Start at {@link dev.sluice.upstreams.media.RemoteMedia}.
 */
@NullMarked
package dev.sluice.upstreams.media;

import org.jspecify.annotations.NullMarked;
