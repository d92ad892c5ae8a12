/**
 * How a call to a provider is authorised: plain keys in a header, signatures over the request, tokens in exchange for a key.
 *
 * <p>Start at {@link dev.sluice.upstreams.credential.Credentials}.
 */
@NullMarked
package dev.sluice.upstreams.credential;

import org.jspecify.annotations.NullMarked;
