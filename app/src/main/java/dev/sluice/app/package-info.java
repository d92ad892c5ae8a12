/**
 * The composition root: what is created, in which order, and how it is wired together and taken down.
 *
 * <p>Start at {@link dev.sluice.app.Gateway}.
 */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
