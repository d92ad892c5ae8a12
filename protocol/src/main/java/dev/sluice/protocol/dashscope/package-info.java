/**
 * DashScope's own wire format: generation of text, with images and sounds, and its error form.
 *
 * <p>Start at {@link dev.sluice.protocol.dashscope.DashScope}.
 */
@NullMarked
package dev.sluice.protocol.dashscope;

import org.jspecify.annotations.NullMarked;
