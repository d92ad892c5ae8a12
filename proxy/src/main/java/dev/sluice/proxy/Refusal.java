package dev.sluice.proxy;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.openai.OpenAi;
import dev.sluice.settings.catalogue.Provider;
import dev.sluice.traffic.failure.Classifier;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.RetryAdvice;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.UpgradeRejectedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An upstream's error answer: collected as far as it comes, then read. */
final class Refusal {
    private static final int MAX_BODY = 256 << 10;

    private final int status;
    private final MultiMap headers;
    private final Buffer body;
    /** More came than is kept: what follows is no continuation of it. */
    private boolean full;

    /** An error answer as the client may see it, e.g. the words of the upstream about a field of the request. */
    record Shown(byte[] body, String contentType) {}

    Refusal(HttpClientResponse answer) {
        this(answer.statusCode(), answer.headers(), Buffer.buffer());
    }

    Refusal(UpgradeRejectedException rejected) {
        this(
                rejected.getStatus(),
                rejected.getHeaders(),
                Objects.requireNonNullElseGet(rejected.getBody(), Buffer::buffer));
    }

    private Refusal(int status, MultiMap headers, Buffer body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    void add(Buffer chunk) {
        full = full || body.length() + chunk.length() > MAX_BODY;
        if (!full) body.appendBuffer(chunk);
    }

    /** @param by whose answer it is */
    Failure failure(Provider by, long nowMillis) {
        UpstreamError error = OpenAi.readError(body.getBytes()).orCode(headers.get("x-amzn-errortype"));
        return Classifier.classify(
                by.errors(), status, error, RetryAdvice.millis(by.rateLimits(), headers::get, error, nowMillis));
    }

    /** Null if it is empty, not to be read without decoding, or quotes the provider key. */
    @Nullable
    Shown shown(Secrecy key) {
        byte[] bytes = body.getBytes();
        if (bytes.length == 0 || headers.contains(AnswerHeaders.CONTENT_ENCODING)) return null;
        if (key.leaks(bytes, 0, bytes.length)) return null;
        return new Shown(
                bytes, Objects.requireNonNullElse(headers.get(AnswerHeaders.CONTENT_TYPE), "application/json"));
    }

    /** Tells whether bytes quote the provider key that was used. */
    @FunctionalInterface
    interface Secrecy {
        boolean leaks(byte[] bytes, int from, int to);
    }
}
