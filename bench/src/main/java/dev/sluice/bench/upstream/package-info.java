/**
 * The mock provider behind the proxies under test: OpenAI chat completions, the same answer every time, cheaper than any gateway.
 *
 * <p>Start at {@link dev.sluice.bench.upstream.Upstream}.
 */
@NullMarked
package dev.sluice.bench.upstream;

import org.jspecify.annotations.NullMarked;
