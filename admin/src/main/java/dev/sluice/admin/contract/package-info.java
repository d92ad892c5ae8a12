/**
 * The OpenAPI document as the one description of the admin port: what is served, dispatched by and checked against.
 *
 * <p>Start at {@link dev.sluice.admin.contract.Contract}.
 */
@NullMarked
package dev.sluice.admin.contract;

import org.jspecify.annotations.NullMarked;
