/**
 * One gateway with very many API keys and Model APIs beside one with a single one of each: what a call costs, and what a change of the
 * settings does to the calls meanwhile. Start at {@link dev.sluice.bench.scale.ScaleCommand}.
 */
@NullMarked
package dev.sluice.bench.scale;

import org.jspecify.annotations.NullMarked;
