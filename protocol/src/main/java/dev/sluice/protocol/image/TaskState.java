package dev.sluice.protocol.image;

import dev.sluice.protocol.UpstreamError;

/** What an upstream tells of a task that makes pictures. */
public sealed interface TaskState {
    /** It waits or works; ask again. */
    record Open(String id) implements TaskState {}

    /** It is done, and the document that tells so holds what it made; also of an upstream that answers at once. */
    record Done() implements TaskState {}

    /** It made nothing and never will. */
    record Failed(UpstreamError error) implements TaskState {}

    /** The document tells of no task. */
    record Malformed(String why) implements TaskState {}
}
