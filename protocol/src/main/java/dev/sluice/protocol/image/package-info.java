/**
 * Pictures made of words, in no vendor's words.
 *
 * <p>Start at {@link dev.sluice.protocol.image.ImageFormat}.
 */
@NullMarked
package dev.sluice.protocol.image;

import org.jspecify.annotations.NullMarked;
