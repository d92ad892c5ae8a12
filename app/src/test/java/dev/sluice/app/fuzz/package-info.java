/**
 * Bytes from outside, made up by Jazzer under the guidance of what they reach in the code. Start at {@link
 * dev.sluice.app.fuzz.FuzzTest}.
 */
@NullMarked
package dev.sluice.app.fuzz;

import org.jspecify.annotations.NullMarked;
