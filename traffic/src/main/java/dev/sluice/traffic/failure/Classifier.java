package dev.sluice.traffic.failure;

import dev.sluice.protocol.UpstreamError;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells the kind of a failure from what an upstream said: by its code, else by its words, else by its status. */
public final class Classifier {
    /** A longer wait is as good as this one. */
    private static final long LONGEST_WAIT = 7 * 86_400_000L;

    private Classifier() {}

    /**
     * Classifies an error answer.
     *
     * @param status the HTTP status; 200 for an error inside a success
     * @param retryAfterMillis from the answer's headers, -1 if none
     */
    public static Failure classify(int status, UpstreamError error, long retryAfterMillis) {
        FailureKind kind = kind(status, error);
        return new Failure(kind, message(kind, status, error), status, error, retryAfterMillis, error.param());
    }

    /** Reads {@code retry-after-ms}, then {@code retry-after} as seconds or an HTTP date; -1 if neither says anything. */
    public static long retryAfterMillis(@Nullable String retryAfterMs, @Nullable String retryAfter, long nowMillis) {
        if (retryAfterMs != null) {
            long wait = scaled(retryAfterMs, 1);
            if (wait >= 0) return wait;
        }
        if (retryAfter == null) return -1;
        long wait = scaled(retryAfter, 1000);
        return wait >= 0 ? wait : untilDate(retryAfter.strip(), nowMillis);
    }

    private static FailureKind kind(int status, UpstreamError error) {
        boolean insideSuccess = status < 300;
        String message = error.message().toLowerCase(Locale.ROOT);
        int number = number(error.code());
        if (insideSuccess && number >= 400 && number <= 599) {
            // OpenRouter, vLLM and Google put the status that the answer should have had into the code.
            return kind(number, new UpstreamError(error.message(), null, error.type(), error.param()));
        }
        FailureKind byNumber = number < 0 ? null : ErrorCodes.ofNumber(number, insideSuccess);
        if (byNumber != null) return byNumber;
        FailureKind byWord = byWord(error.code(), status);
        if (byWord == null) byWord = byWord(error.type(), status);
        if (byWord == FailureKind.PROVIDER_RATE_LIMITED && ErrorPhrases.saysDaily(message)) {
            return FailureKind.PROVIDER_QUOTA;
        }
        return byWord == null ? byStatus(status, error, message) : byWord;
    }

    private static @Nullable FailureKind byWord(@Nullable String word, int status) {
        if (word == null || word.isEmpty()) return null;
        FailureKind kind = ErrorCodes.ofWord(word.toLowerCase(Locale.ROOT));
        // Some vendors call everything an api_error; the status of a refusal or of an overload says more.
        boolean statusSaysMore = status >= 400 && status < 500 || status == 503 || status == 529;
        return kind == FailureKind.UPSTREAM_ERROR && statusSaysMore ? null : kind;
    }

    private static FailureKind byStatus(int status, UpstreamError error, String message) {
        if (status < 300) return insideSuccess(error, message);
        FailureKind said = switch (status) {
            case 400, 422 -> ErrorPhrases.ofRefusal(message);
            case 401 -> FailureKind.PROVIDER_AUTH;
            case 402 -> FailureKind.PROVIDER_QUOTA;
            case 403 -> forbidden(message);
            case 404 -> message.contains("model") ? FailureKind.UPSTREAM_MODEL_NOT_FOUND : null;
            case 408 -> FailureKind.TIMEOUT;
            case 409, 424, 425 -> FailureKind.UPSTREAM_ERROR;
            case 413 -> ErrorPhrases.saysTooLong(message) ? FailureKind.CONTEXT_TOO_LONG : null;
            case 429 -> tooMany(message);
            case 503, 529 -> FailureKind.UPSTREAM_OVERLOADED;
            default -> null;
        };
        if (said != null) return said;
        return status >= 400 && status < 500 ? FailureKind.UPSTREAM_REFUSED : FailureKind.UPSTREAM_ERROR;
    }

    private static FailureKind insideSuccess(UpstreamError error, String message) {
        FailureKind said = ErrorPhrases.ofRefusal(message);
        if (said != null) return said;
        if (ErrorPhrases.saysOverloaded(message)) return FailureKind.UPSTREAM_OVERLOADED;
        if (ErrorPhrases.saysRateLimited(message)) return FailureKind.PROVIDER_RATE_LIMITED;
        String type = error.type() == null ? "" : error.type().toLowerCase(Locale.ROOT);
        return type.equals("invalid_request_error") || type.equals("badrequesterror")
                ? FailureKind.UPSTREAM_REFUSED
                : FailureKind.UPSTREAM_MALFORMED;
    }

    private static FailureKind forbidden(String message) {
        if (ErrorPhrases.saysTooLong(message)) return FailureKind.CONTEXT_TOO_LONG;
        return ErrorPhrases.saysFiltered(message) ? FailureKind.CONTENT_FILTERED : FailureKind.PROVIDER_AUTH;
    }

    private static FailureKind tooMany(String message) {
        if (ErrorPhrases.saysNothingIsLeft(message)) return FailureKind.PROVIDER_QUOTA;
        return ErrorPhrases.saysOverloaded(message)
                ? FailureKind.UPSTREAM_OVERLOADED
                : FailureKind.PROVIDER_RATE_LIMITED;
    }

    /** What the client reads. The provider's words about our key and account stay in the log. */
    private static String message(FailureKind kind, int status, UpstreamError error) {
        String words = error.message();
        if (kind == FailureKind.PROVIDER_AUTH) {
            return "the provider refused the gateway's key (status " + status
                    + "); an operator must look at the provider key";
        }
        if (kind == FailureKind.PROVIDER_QUOTA) {
            return "the account behind the gateway's provider key has nothing left (status " + status
                    + "); an operator must look at its balance and limits";
        }
        String what = kind == FailureKind.PROVIDER_RATE_LIMITED
                ? "the provider limits the rate of calls"
                : kind.blamesUpstream() ? "the upstream failed" : "the upstream refused the request";
        boolean quotesOnly = !kind.blamesUpstream() && !words.isEmpty();
        if (quotesOnly) return words;
        return what + " (status " + status + ")" + (words.isEmpty() ? " and gave no reason" : ": " + words);
    }

    /** A code that is a number, -1 otherwise. */
    private static int number(@Nullable String code) {
        if (code == null || code.isEmpty() || code.length() > 6) return -1;
        int value = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c < '0' || c > '9') return -1;
            value = value * 10 + c - '0';
        }
        return value;
    }

    /** A decimal number times a scale, -1 if the text is none. */
    private static long scaled(String text, int scale) {
        String digits = text.strip();
        if (digits.isEmpty() || digits.length() > 20) return -1;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if ((c < '0' || c > '9') && c != '.') return -1;
        }
        try {
            BigDecimal millis = new BigDecimal(digits).multiply(BigDecimal.valueOf(scale));
            return millis.min(BigDecimal.valueOf(LONGEST_WAIT)).longValue();
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    private static long untilDate(String date, long nowMillis) {
        try {
            long at = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
            return Math.clamp(at - nowMillis, 0, LONGEST_WAIT);
        } catch (DateTimeException _) {
            return -1;
        }
    }
}
