/**
 * A name server played on this machine, for tests of what happens when names move.
 *
 * <p>Start at {@link dev.sluice.simulator.dns.NameServer}.
 */
@NullMarked
package dev.sluice.simulator.dns;

import org.jspecify.annotations.NullMarked;
