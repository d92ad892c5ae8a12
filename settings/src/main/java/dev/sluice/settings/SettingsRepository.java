package dev.sluice.settings;

import java.util.function.UnaryOperator;

/** Where settings are kept. */
public interface SettingsRepository {
    /** The newest settings. */
    Settings current();

    /**
     * Makes one change in one transaction: the edit sees the newest settings and returns what should be; rows that
     * differ are written with an audit entry each, and the revision grows by one. An edit that returns its argument
     * changes nothing. Exceptions of the edit abort the transaction and pass through.
     */
    Settings change(Author author, UnaryOperator<Settings> edit);
}
