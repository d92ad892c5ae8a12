package dev.sluice.settings.binding;

/** Reads documents into records and writes records back. */
public final class Binder {
    private Binder() {}

    /** The kebab-case form of a Java constant or type name. */
    public static String kebab(String name) {
        return name.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
