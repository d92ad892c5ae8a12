/**
 * The client side of {@code sluice apply} and {@code sluice export}: speaks to the admin API of a running gateway.
 *
 * <p>Start at {@link dev.sluice.app.apply.ApplyClient}.
 */
@NullMarked
package dev.sluice.app.apply;

import org.jspecify.annotations.NullMarked;
