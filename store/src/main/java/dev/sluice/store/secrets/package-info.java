/**
 * Encryption of what is kept at rest: the ring of master keys, and the sealed form of secrets inside resources.
 *
 * <p>Start at {@link dev.sluice.store.secrets.MasterKeys}.
 */
@NullMarked
package dev.sluice.store.secrets;

import org.jspecify.annotations.NullMarked;
