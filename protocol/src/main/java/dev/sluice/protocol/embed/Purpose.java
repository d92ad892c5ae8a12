package dev.sluice.protocol.embed;

/** What vectors are for. */
public enum Purpose {
    /** A search for documents. */
    QUERY,
    /** A document that will be searched for. */
    DOCUMENT,
    SIMILARITY,
    CLASSIFICATION,
    CLUSTERING,
    /** A question, in a search for its answer. */
    QUESTION,
    /** A claim, in a search for what supports or denies it. */
    CLAIM,
    /** A question in words, in a search for code. */
    CODE_QUERY;

    /** The nearest of the two sides of a search. */
    public boolean isQuery() {
        return switch (this) {
            case QUERY, QUESTION, CLAIM, CODE_QUERY -> true;
            case DOCUMENT, SIMILARITY, CLASSIFICATION, CLUSTERING -> false;
        };
    }
}
