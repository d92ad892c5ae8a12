/**
 * What becomes of the accounting when the gateway is killed, its disk is full or its store is locked. Start at {@link
 * dev.sluice.app.fire.KillTest}.
 */
@NullMarked
package dev.sluice.app.fire;

import org.jspecify.annotations.NullMarked;
