package dev.sluice.settings.binding;

/** What a record is written for. */
public enum Form {
    /** A declarative file: without defaults, without secrets, without what the gateway keeps for itself. */
    DECLARED,
    /** A person or program that looks at it: with defaults, without secrets, without what the gateway keeps for itself. */
    SHOWN,
    /** The store: everything. Holds secrets, so it must be encrypted. */
    STORED
}
