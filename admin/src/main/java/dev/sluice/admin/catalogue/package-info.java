/**
 * The catalogue of providers, for those who choose one.
 *
 * <p>Start at {@link dev.sluice.admin.catalogue.ProviderHandlers}.
 */
@NullMarked
package dev.sluice.admin.catalogue;

import org.jspecify.annotations.NullMarked;
