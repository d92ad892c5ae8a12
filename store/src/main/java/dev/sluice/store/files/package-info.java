/**
 * Files that survive a power failure whole.
 *
 * <p>Start at {@link dev.sluice.store.files.DurableFile}.
 */
@NullMarked
package dev.sluice.store.files;

import org.jspecify.annotations.NullMarked;
