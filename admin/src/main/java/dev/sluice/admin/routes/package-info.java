/**
 * Which calls the gateway takes, and the explanation of where one would go.
 *
 * <p>Start at {@link dev.sluice.admin.routes.RouteHandlers}.
 */
@NullMarked
package dev.sluice.admin.routes;

import org.jspecify.annotations.NullMarked;
