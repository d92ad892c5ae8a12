package dev.sluice.proxy;

import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Reads a request body into memory, within the limits of one body and of all bodies together. */
final class RequestBody {
    private final Exchange x;
    private final ProxyOptions options;
    private final Load load;
    private final ErrorAnswer errors;
    private byte[] bytes;
    private int length;
    private boolean refused;

    private RequestBody(Exchange x, ProxyOptions options, Load load, ErrorAnswer errors, int expected) {
        this.x = x;
        this.options = options;
        this.load = load;
        this.errors = errors;
        this.bytes = new byte[Math.min(expected, 64 << 10)];
    }

    /** Hands over when the body is complete and in {@code x.body}; a body over a limit is refused as soon as that is known. */
    static void read(Exchange x, ProxyOptions options, Load load, ErrorAnswer errors, Consumer<Exchange> then) {
        long declared = declaredLength(x.request.getHeader("content-length"));
        if (declared > options.maxBodyBytes()) {
            errors.refuseAndClose(x, tooLarge(declared, options));
            return;
        }
        RequestBody reader = new RequestBody(x, options, load, errors, declared < 0 ? 4096 : (int) declared);
        x.request.handler(reader::take);
        x.request.endHandler(_ -> {
            if (reader.refused || x.ended) return;
            x.body = reader.length == reader.bytes.length ? reader.bytes : Arrays.copyOf(reader.bytes, reader.length);
            then.accept(x);
        });
    }

    private void take(Buffer chunk) {
        if (refused || x.ended) return;
        int needed = length + chunk.length();
        if (needed > options.maxBodyBytes()) {
            refuse(tooLarge(needed, options));
            return;
        }
        if (!load.buffer(chunk.length(), options.maxBufferedBytes())) {
            refuse(Failure.of(
                    FailureKind.STOPPING,
                    "too many request bodies are in memory at the moment; try again in a second"));
            return;
        }
        x.bufferedBytes += chunk.length();
        if (needed > bytes.length)
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(2L * bytes.length, options.maxBodyBytes())));
        chunk.getBytes(0, chunk.length(), bytes, length);
        length = needed;
    }

    private void refuse(Failure failure) {
        refused = true;
        bytes = new byte[0];
        errors.refuseAndClose(x, failure);
    }

    private static long declaredLength(@org.jspecify.annotations.Nullable String header) {
        if (header == null) return -1;
        try {
            return Long.parseLong(header);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static Failure tooLarge(long length, ProxyOptions options) {
        return Failure.of(
                FailureKind.REQUEST_TOO_LARGE,
                "the request body has " + length + " bytes (allowed: " + options.maxBodyBytes()
                        + "; setting: --max-body-bytes)");
    }
}
