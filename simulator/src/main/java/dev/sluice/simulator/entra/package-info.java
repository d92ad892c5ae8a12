/**
 * The place where applications of Microsoft Entra ID get access tokens.
 *
 * <p>Start at {@link dev.sluice.simulator.entra.EntraVoices}.
 */
@NullMarked
package dev.sluice.simulator.entra;

import org.jspecify.annotations.NullMarked;
