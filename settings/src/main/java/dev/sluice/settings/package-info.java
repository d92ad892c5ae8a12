/**
 * What operators declare, as immutable records. A record is the single source of its validation, its YAML and JSON form,
 * its schema in the admin API and the references that protect it from being deleted while in use.
 *
 * <p>Start at {@link dev.sluice.settings.Settings}.
 */
@NullMarked
package dev.sluice.settings;

import org.jspecify.annotations.NullMarked;
