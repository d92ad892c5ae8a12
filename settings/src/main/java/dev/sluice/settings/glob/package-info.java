/**
 * Names and patterns with {@code *} and {@code ?}, as operators write them for models.
 *
 * <p>Start at {@link dev.sluice.settings.glob.Glob}.
 */
@NullMarked
package dev.sluice.settings.glob;

import org.jspecify.annotations.NullMarked;
