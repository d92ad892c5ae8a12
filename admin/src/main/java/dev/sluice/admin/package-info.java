/**
 * How things are seen and changed: the HTTP server of the admin port.
 *
 * <p>Start at {@link dev.sluice.admin.AdminServer}; what the application supplies is in {@link
 * dev.sluice.admin.AdminPorts}.
 */
@NullMarked
package dev.sluice.admin;

import org.jspecify.annotations.NullMarked;
