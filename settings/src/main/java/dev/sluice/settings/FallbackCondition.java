package dev.sluice.settings;

/** What counts as a failure that the next fallback step may repair. */
public enum FallbackCondition {
    CONNECT_ERROR,
    TIMEOUT,
    FIRST_PACKET_TIMEOUT,
    RATE_LIMITED,
    SERVER_ERROR,
    PROVIDER_AUTH,
    ANY_4XX,
    CONTENT_FILTER,
    CONTEXT_LENGTH,
    GATEWAY_REFUSAL
}
