/**
 * How each provider is called: which form of a request it takes, where that goes, with which headers.
 *
 * <p>Start at {@link dev.sluice.upstreams.provider.ProviderCalls}.
 */
@NullMarked
package dev.sluice.upstreams.provider;

import org.jspecify.annotations.NullMarked;
