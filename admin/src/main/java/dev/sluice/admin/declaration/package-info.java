/**
 * Everything that is declared, as one file: apply, with a dry run, and export.
 *
 * <p>Start at {@link dev.sluice.admin.declaration.DeclarationHandlers}.
 */
@NullMarked
package dev.sluice.admin.declaration;

import org.jspecify.annotations.NullMarked;
