package dev.sluice.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** The headers that the gateway adds to answers. */
final class AnswerHeaders {
    static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("content-type");
    static final CharSequence CONTENT_ENCODING = HttpHeaders.createOptimized("content-encoding");
    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    static final CharSequence SERVICE = HttpHeaders.createOptimized("x-sluice-service");
    static final CharSequence MODEL = HttpHeaders.createOptimized("x-sluice-model");
    static final CharSequence ATTEMPTS = HttpHeaders.createOptimized("x-sluice-attempts");
    static final CharSequence ERROR_SOURCE = HttpHeaders.createOptimized("x-sluice-error-source");
    /** What the client advised and the upstream was not told: names of the gateway's own lists. */
    static final CharSequence IGNORED = HttpHeaders.createOptimized("x-sluice-ignored");
    /** The conversation that an agent service keeps: told with an answer, given back to continue it. */
    static final CharSequence CONVERSATION = HttpHeaders.createOptimized("x-sluice-conversation");

    static final CharSequence SHOULD_RETRY = HttpHeaders.createOptimized("x-should-retry");
    static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("retry-after");
    private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("cache-control");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence ACCEL_BUFFERING = HttpHeaders.createOptimized("x-accel-buffering");
    private static final CharSequence NO = HttpHeaders.createOptimized("no");
    private static final String[] NUMBERS = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

    private AnswerHeaders() {}

    /** Who answered, and after how many attempts; once per answer. None of these names is copied from an upstream. */
    static void put(Exchange x, MultiMap headers) {
        headers.add(REQUEST_ID, x.id);
        headers.add(ATTEMPTS, x.attemptsMade < NUMBERS.length ? NUMBERS[x.attemptsMade] : "" + x.attemptsMade);
        if (x.answeredBy != null) {
            headers.add(SERVICE, printable(x.answeredBy.service().name()));
            headers.add(MODEL, printable(x.answeredBy.model()));
        }
        if (!x.ignored.isEmpty()) headers.add(IGNORED, x.ignored);
        if (x.conversationId != null) headers.add(CONVERSATION, printable(x.conversationId));
        if (x.reservation != null) RateLimitHeaders.put(headers, x.reservation.states(x.admittedAtMillis));
    }

    /** What keeps caches and buffering proxies out of a stream's way. */
    static void putStream(MultiMap headers) {
        headers.set(CACHE_CONTROL, NO_CACHE);
        headers.set(ACCEL_BUFFERING, NO);
    }

    /** Text as a header value: at most 200 characters, anything but printable ASCII percent-encoded. */
    static String printable(String text) {
        int length = Math.min(text.length(), 200);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') return encoded(text.substring(0, length));
        }
        return length == text.length() ? text : text.substring(0, length);
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~') out.append((char) b);
            else out.append('%').append(java.util.HexFormat.of().withUpperCase().toHexDigits(b));
        }
        return out.toString();
    }
}
