/**
 * Between documents (YAML, JSON) and records: reads with line numbers, reports every problem, writes back, derives
 * schemas and references.
 *
 * <p>Start at {@link dev.sluice.settings.binding.Binder}.
 */
@NullMarked
package dev.sluice.settings.binding;

import org.jspecify.annotations.NullMarked;
