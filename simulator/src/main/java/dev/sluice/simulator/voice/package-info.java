/**
 * What a simulated provider says, apart from any wire format: a {@link dev.sluice.simulator.voice.Prompt} is answered with
 * a {@link dev.sluice.simulator.voice.Reply}, which a voice renders as a {@link dev.sluice.simulator.voice.Script} of
 * frames. Everything is a pure function of the request, so equal requests get equal bytes.
 *
 * <p>Start at {@link dev.sluice.simulator.voice.Voice}.
 */
@NullMarked
package dev.sluice.simulator.voice;

import org.jspecify.annotations.NullMarked;
