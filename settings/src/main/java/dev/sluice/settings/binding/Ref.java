package dev.sluice.settings.binding;

/**
 * A reference from one resource to another by name.
 *
 * @param path of the field that holds it
 * @param list key of the list in the declarative file that the other one is in, e.g. {@code services}
 */
public record Ref(String path, String list, String name) {}
