/**
 * Names and patterns with {@code *} and {@code ?}, as operators write them for models.
 *
 * <p>Start at {@link dev.sluice.traffic.glob.Glob}.
 */
@NullMarked
package dev.sluice.traffic.glob;

import org.jspecify.annotations.NullMarked;
