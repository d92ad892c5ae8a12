/**
 * The model providers that the gateway knows, as rows of data.
 *
 * <p>Start at {@link dev.sluice.settings.catalogue.Catalogue}.
 */
@NullMarked
package dev.sluice.settings.catalogue;

import org.jspecify.annotations.NullMarked;
