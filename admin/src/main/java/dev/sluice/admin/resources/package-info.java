/**
 * Creating, reading, changing and deleting resources, in one way for all kinds, and the actions that only some kinds have.
 *
 * <p>Start at {@link dev.sluice.admin.resources.ResourceHandlers}.
 */
@NullMarked
package dev.sluice.admin.resources;

import org.jspecify.annotations.NullMarked;
