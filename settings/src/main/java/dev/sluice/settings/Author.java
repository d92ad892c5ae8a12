package dev.sluice.settings;

/**
 * Who makes a change.
 *
 * @param name e.g. {@code bootstrap-admin} or {@code file:sluice.yaml}
 * @param address network address the change came from, {@code local} for the process itself
 */
public record Author(String name, String address) {}
