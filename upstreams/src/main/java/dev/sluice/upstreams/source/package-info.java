/**
 * Where the nodes of services are, and whether they live: names are resolved again and again, nodes are asked at
 * intervals. What is found is told to a listener; who decides on it is none of this package's business.
 *
 * <p>Start at {@link dev.sluice.upstreams.source.DnsSource}.
 */
@NullMarked
package dev.sluice.upstreams.source;

import org.jspecify.annotations.NullMarked;
