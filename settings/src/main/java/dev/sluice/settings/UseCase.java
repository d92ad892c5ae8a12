package dev.sluice.settings;

/** What a Model API is for. */
public enum UseCase {
    TEXT_GENERATION,
    EMBEDDING,
    OTHERS
}
