package dev.sluice.traffic.failure;

import static dev.sluice.traffic.failure.FailureKind.CONTENT_FILTERED;
import static dev.sluice.traffic.failure.FailureKind.CONTEXT_TOO_LONG;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_AUTH;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_PERMISSION;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_QUOTA;
import static dev.sluice.traffic.failure.FailureKind.PROVIDER_RATE_LIMITED;
import static dev.sluice.traffic.failure.FailureKind.TIMEOUT;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_ERROR;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_MODEL_NOT_FOUND;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_OVERLOADED;
import static dev.sluice.traffic.failure.FailureKind.UPSTREAM_REFUSED;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.settings.catalogue.Provider.ErrorDialect;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells the kind of a failure from what an upstream said: by its code, else by its words, else by its status. */
public final class Classifier {
    private Classifier() {}

    /**
     * Classifies an error answer.
     *
     * @param dialect whose codes they are
     * @param status the HTTP status; 200 for an error inside a success
     * @param retryAfterMillis as {@link RetryAdvice} reads it, -1 if none
     */
    public static Failure classify(ErrorDialect dialect, int status, UpstreamError error, long retryAfterMillis) {
        FailureKind kind = kind(dialect, status, error);
        return new Failure(kind, message(kind, status, error), status, error, retryAfterMillis, error.param());
    }

    /** Classifies an error that an answer or an event holds, and that may name the wait itself. */
    public static Failure classify(ErrorDialect dialect, int status, UpstreamError error) {
        return classify(dialect, status, error, error.retryAfterMillis());
    }

    private static FailureKind kind(ErrorDialect dialect, int status, UpstreamError error) {
        boolean insideSuccess = status < 300;
        String message = error.message().toLowerCase(Locale.ROOT);
        int number = number(error.code());
        if (insideSuccess && number >= 400 && number <= 599) {
            // OpenRouter, vLLM and Google put the status that the answer should have had into the code.
            return kind(dialect, number, new UpstreamError(error.message(), null, error.type(), error.param()));
        }
        FailureKind told = VendorCodes.of(dialect, status, error.code(), number, message);
        if (told == null) told = byWord(error.code(), status);
        if (told == null) told = byWord(error.type(), status);
        if (told == PROVIDER_PERMISSION && status == 403) told = forbidden(message, told);
        if (told == UPSTREAM_REFUSED) told = Objects.requireNonNullElse(ErrorPhrases.ofRefusal(message), told);
        if (told == null) told = byStatus(status, error, message);
        return told == PROVIDER_RATE_LIMITED && saysLongLimit(error, message) ? PROVIDER_QUOTA : told;
    }

    private static boolean saysLongLimit(UpstreamError error, String message) {
        String code = error.code();
        return ErrorPhrases.saysLongLimit(message)
                || code != null && ErrorPhrases.saysLongLimit(code.toLowerCase(Locale.ROOT));
    }

    private static @Nullable FailureKind byWord(@Nullable String word, int status) {
        if (word == null || word.isEmpty()) return null;
        String lower = word.toLowerCase(Locale.ROOT);
        FailureKind kind = ErrorCodes.ofWord(lower);
        // Some vendors call everything an api_error; the status of a refusal or of an overload says more.
        boolean statusSaysMore = status >= 400 && status < 500 || status == 503 || status == 529;
        return kind == UPSTREAM_ERROR && statusSaysMore ? null : kind;
    }

    private static FailureKind byStatus(int status, UpstreamError error, String message) {
        if (status < 300) return insideSuccess(error, message);
        FailureKind said = switch (status) {
            case 400, 422 -> ErrorPhrases.ofRefusal(message);
            case 401 -> PROVIDER_AUTH;
            case 402 -> PROVIDER_QUOTA;
            // A refusal without a word is one of the key.
            case 403 -> forbidden(message, message.isEmpty() ? PROVIDER_AUTH : PROVIDER_PERMISSION);
            case 404 -> message.contains("model") ? UPSTREAM_MODEL_NOT_FOUND : null;
            case 408 -> TIMEOUT;
            case 409, 425 -> UPSTREAM_ERROR;
            case 424 -> ErrorPhrases.saysRateLimited(message) ? PROVIDER_RATE_LIMITED : UPSTREAM_ERROR;
            case 413 -> ErrorPhrases.saysTooLong(message) ? CONTEXT_TOO_LONG : null;
            case 429 -> tooMany(message);
            case 503, 529 -> UPSTREAM_OVERLOADED;
            default -> null;
        };
        if (said != null) return said;
        return status >= 400 && status < 500 ? UPSTREAM_REFUSED : UPSTREAM_ERROR;
    }

    private static FailureKind insideSuccess(UpstreamError error, String message) {
        FailureKind said = ErrorPhrases.ofRefusal(message);
        if (said != null) return said;
        if (ErrorPhrases.saysOverloaded(message)) return UPSTREAM_OVERLOADED;
        if (ErrorPhrases.saysRateLimited(message)) return PROVIDER_RATE_LIMITED;
        String type = error.type() == null ? "" : error.type().toLowerCase(Locale.ROOT);
        return type.equals("invalid_request_error") || type.equals("badrequesterror")
                ? UPSTREAM_REFUSED
                : UPSTREAM_ERROR;
    }

    private static FailureKind forbidden(String message, FailureKind otherwise) {
        if (ErrorPhrases.saysTooLong(message)) return CONTEXT_TOO_LONG;
        if (ErrorPhrases.saysFiltered(message)) return CONTENT_FILTERED;
        return ErrorPhrases.speaksOfKey(message) ? PROVIDER_AUTH : otherwise;
    }

    private static FailureKind tooMany(String message) {
        if (ErrorPhrases.saysNothingIsLeft(message)) return PROVIDER_QUOTA;
        return ErrorPhrases.saysOverloaded(message) ? UPSTREAM_OVERLOADED : PROVIDER_RATE_LIMITED;
    }

    /** What the client reads. The provider's words about our key and account stay in the log. */
    private static String message(FailureKind kind, int status, UpstreamError error) {
        String words = error.message();
        if (kind == PROVIDER_AUTH) {
            return "the provider refused the gateway's key (status " + status
                    + "); an operator must look at the provider key";
        }
        if (kind == PROVIDER_PERMISSION) {
            return "the provider does not let the gateway's key do this (status " + status
                    + "); an operator must look at what the key may use";
        }
        if (kind == PROVIDER_QUOTA) {
            return "the account behind the gateway's provider key has nothing left (status " + status
                    + "); an operator must look at its balance and limits";
        }
        String what = kind == PROVIDER_RATE_LIMITED
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
}
