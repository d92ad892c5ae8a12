package dev.sluice.traffic.failure;

import dev.sluice.protocol.UpstreamError;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells the kind of a failure from what an upstream said: by its code, else by its words, else by its status. */
public final class Classifier {
    private Classifier() {}

    /**
     * Classifies an error answer.
     *
     * @param status the HTTP status; 200 for an error inside a success
     * @param retryAfterMillis as {@link RetryAdvice} reads it, -1 if none
     */
    public static Failure classify(int status, UpstreamError error, long retryAfterMillis) {
        FailureKind kind = kind(status, error);
        return new Failure(kind, message(kind, status, error), status, error, retryAfterMillis, error.param());
    }

    /** Classifies an error that an answer or an event holds, and that may name the wait itself. */
    public static Failure classify(int status, UpstreamError error) {
        return classify(status, error, error.retryAfterMillis());
    }

    private static FailureKind kind(int status, UpstreamError error) {
        boolean insideSuccess = status < 300;
        String message = error.message().toLowerCase(Locale.ROOT);
        int number = number(error.code());
        if (insideSuccess && number >= 400 && number <= 599) {
            // OpenRouter, vLLM and Google put the status that the answer should have had into the code.
            return kind(number, new UpstreamError(error.message(), null, error.type(), error.param()));
        }
        FailureKind byWord = byWord(error.code(), status);
        if (byWord == null) byWord = byWord(error.type(), status);
        // The same numbers mean different things to different vendors; one that also says it in a word is believed.
        if (byWord == null && number >= 0) byWord = ErrorCodes.ofNumber(number, insideSuccess);
        return switch (byWord) {
            case null -> byStatus(status, error, message);
            case UPSTREAM_REFUSED -> Objects.requireNonNullElse(ErrorPhrases.ofRefusal(message), byWord);
            case PROVIDER_RATE_LIMITED ->
                saysDaily(error, message) ? FailureKind.PROVIDER_QUOTA : FailureKind.PROVIDER_RATE_LIMITED;
            default -> byWord;
        };
    }

    private static boolean saysDaily(UpstreamError error, String message) {
        String code = error.code();
        return ErrorPhrases.saysDaily(message) || code != null && ErrorPhrases.saysDaily(code.toLowerCase(Locale.ROOT));
    }

    private static @Nullable FailureKind byWord(@Nullable String word, int status) {
        if (word == null || word.isEmpty()) return null;
        String lower = word.toLowerCase(Locale.ROOT);
        if (ErrorCodes.isFaultBehind(lower)) return FailureKind.UPSTREAM_ERROR;
        FailureKind kind = ErrorCodes.ofWord(lower);
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
            case 409, 425 -> FailureKind.UPSTREAM_ERROR;
            case 424 ->
                ErrorPhrases.saysRateLimited(message) ? FailureKind.PROVIDER_RATE_LIMITED : FailureKind.UPSTREAM_ERROR;
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
}
