package dev.sluice.settings.binding;

/** A value type that may hold a secret. Its {@code toString} never shows it. */
public interface Confidential {
    /** Whether the text of this value must not be shown. */
    boolean hidden();

    /** The text that its type's {@code parse} reads back, secret or not. */
    String reveal();
}
