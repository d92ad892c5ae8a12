/**
 * Forms with files ({@code multipart/form-data}, RFC 7578), read as they pass by and never held.
 *
 * <p>Start at {@link dev.sluice.protocol.multipart.MultipartReader}.
 */
@NullMarked
package dev.sluice.protocol.multipart;

import org.jspecify.annotations.NullMarked;
