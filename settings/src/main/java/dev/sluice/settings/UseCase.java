package dev.sluice.settings;

/** What a Model API is for. */
public enum UseCase {
    TEXT_GENERATION,
    IMAGE_GENERATION,
    VIDEO_GENERATION,
    SPEECH,
    EMBEDDING,
    RERANK,
    OTHERS
}
