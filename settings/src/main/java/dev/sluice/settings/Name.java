package dev.sluice.settings;

/** The rules for names of resources, one per kind of name. */
public final class Name {
    private Name() {}
}
