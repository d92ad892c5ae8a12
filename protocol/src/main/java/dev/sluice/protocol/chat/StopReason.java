package dev.sluice.protocol.chat;

/** Why a model stopped. */
public enum StopReason {
    /** It had said all. */
    END,
    STOP_SEQUENCE,
    MAX_TOKENS,
    /** The context of the model is full. */
    CONTEXT_FULL,
    TOOL_CALLS,
    /** The vendor's filter or the model itself refused. */
    CONTENT_FILTER,
    /** The vendor's own tools run; the client shall call again to go on. */
    PAUSED
}
