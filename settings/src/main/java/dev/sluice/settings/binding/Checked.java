package dev.sluice.settings.binding;

/** A record with rules beyond the types of its components: run whenever it is read, and when settings are validated. */
public interface Checked {
    /** Reports every rule that is broken, never only the first. */
    void check(Reporter reporter);
}
