/**
 * Who changed what, when, from what to what.
 *
 * <p>Start at {@link dev.sluice.admin.audit.AuditLog}.
 */
@NullMarked
package dev.sluice.admin.audit;

import org.jspecify.annotations.NullMarked;
