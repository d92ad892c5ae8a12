package dev.sluice.settings.catalogue;

/** How a provider key is sent. */
public enum Auth {
    /** {@code Authorization: Bearer KEY}. */
    BEARER,
    /** {@code Authorization: KEY}. */
    RAW,
    /** {@code x-api-key: KEY}. */
    X_API_KEY,
    /** {@code x-goog-api-key: KEY}. */
    X_GOOG_API_KEY,
    /** AWS signature version 4 with {@code ACCESS_KEY_ID:SECRET[:SESSION_TOKEN]}, or a bearer key. */
    AWS,
    /** {@code api-key: KEY}, or the JSON of a Microsoft Entra application or a managed identity, exchanged for a token. */
    AZURE,
    /** {@code x-api-key: KEY}, or the same JSON. */
    AZURE_ANTHROPIC,
    /** A Google service account's JSON, exchanged for a token, or an express key. */
    GOOGLE,
    /** Tencent's TC3-HMAC-SHA256 with {@code SECRET_ID:SECRET_KEY}. */
    TC3
}
