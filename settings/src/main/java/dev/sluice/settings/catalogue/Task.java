package dev.sluice.settings.catalogue;

/** What a call wants, whatever form it has on the wire. Only forms of one task can be translated into each other. */
public enum Task {
    CHAT,
    COUNT,
    EMBEDDING,
    RERANK,
    IMAGE
}
