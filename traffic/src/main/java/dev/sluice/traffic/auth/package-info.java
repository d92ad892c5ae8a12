/**
 * Who is calling, and may he call this.
 *
 * <p>Start at {@link dev.sluice.traffic.auth.Authenticator}.
 */
@NullMarked
package dev.sluice.traffic.auth;

import org.jspecify.annotations.NullMarked;
