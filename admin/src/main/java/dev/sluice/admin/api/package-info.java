/**
 * What a handler of the admin API sees and says, free of HTTP machinery.
 *
 * <p>Start at {@link dev.sluice.admin.api.Handler}.
 */
@NullMarked
package dev.sluice.admin.api;

import org.jspecify.annotations.NullMarked;
