package dev.sluice.protocol.json;

/** What kind of value stands at the cursor of a {@link JsonScanner}, judged by its first byte. */
public enum JsonType {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    TRUE,
    FALSE,
    NULL,
    /** No value starts there: the document is broken. */
    INVALID
}
