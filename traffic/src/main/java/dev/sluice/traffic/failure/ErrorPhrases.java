package dev.sluice.traffic.failure;

import org.jspecify.annotations.Nullable;

/** What vendors say in words where they have no code for it. Looked for in lower case, where the code says less. */
final class ErrorPhrases {
    private static final String[] CONTEXT = {
        "maximum context length",
        "context length",
        "context window",
        "prompt is too long",
        "input is too long",
        "too many tokens",
        "input token count",
        "maximum number of tokens",
        "range of input length",
        "reduce the length",
        "exceeds the max length",
    };
    private static final String[] AUTH = {
        "api key not valid", "invalid api key", "incorrect api key", "api key expired", "invalid api-key"
    };
    private static final String[] OF_KEY = {
        "api key", "api-key", "apikey", "access token", "credential", "authenticat", "signature"
    };
    private static final String[] QUOTA = {
        "credit balance is too low",
        "insufficient balance",
        "insufficient quota",
        "exceeded your current quota",
        "spend limit",
        "arrear",
        "account is overdue",
    };
    private static final String[] FILTER = {
        "content policy", "content management policy", "content filter", "inappropriate content"
    };
    private static final String[] MODERATION = {"moderation", "flagged"};

    private static final String[] LONG_LIMIT = {"perday", "per day", "/ day", "per month", "/ month"};

    private static final String[] UNKNOWN_MODEL = {
        "model not exist", "model does not exist", "model not found", "no such model", "unknown model", "invalid model"
    };

    private ErrorPhrases() {}

    /** The kind of a 400 or 422, or of an error inside a success status, by its words; null if they say nothing. */
    static @Nullable FailureKind ofRefusal(String message) {
        if (hasAny(message, AUTH)) return FailureKind.PROVIDER_AUTH;
        if (saysTooLong(message)) return FailureKind.CONTEXT_TOO_LONG;
        if (hasAny(message, FILTER)) return FailureKind.CONTENT_FILTERED;
        if (hasAny(message, QUOTA)) return FailureKind.PROVIDER_QUOTA;
        boolean unknownModel = hasAny(message, UNKNOWN_MODEL)
                || (message.startsWith("the model ") && message.contains("does not exist"));
        return unknownModel ? FailureKind.UPSTREAM_MODEL_NOT_FOUND : null;
    }

    static boolean saysTooLong(String message) {
        return hasAny(message, CONTEXT);
    }

    /** Whether a 403 is about the key itself rather than about what it may be used for. */
    static boolean speaksOfKey(String message) {
        return hasAny(message, OF_KEY);
    }

    /** Whether a 403 is about the content rather than about the key. */
    static boolean saysFiltered(String message) {
        return hasAny(message, FILTER) || hasAny(message, MODERATION);
    }

    /**
     * Whether a 429 is about an account that has nothing left rather than about speed. Some vendors speak of the quota
     * when they mean this minute's, and say when to come back.
     */
    static boolean saysNothingIsLeft(String message) {
        return hasAny(message, QUOTA) && !message.contains("retry in") && !message.contains("try again in");
    }

    /** Whether the limit that was hit is one of a day or a month: it comes back then, not in seconds. */
    static boolean saysLongLimit(String message) {
        return hasAny(message, LONG_LIMIT);
    }

    static boolean saysOverloaded(String message) {
        return message.contains("overloaded") || message.contains("slow down");
    }

    static boolean saysRateLimited(String message) {
        return message.contains("rate limit") || message.contains("too many requests");
    }

    private static boolean hasAny(String message, String[] phrases) {
        for (String phrase : phrases) {
            if (message.contains(phrase)) return true;
        }
        return false;
    }
}
