package dev.sluice.proxy;

import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** Reads a request body into memory, within the limits of one body and of all bodies together. */
final class RequestBody {
    private static final System.Logger LOG = System.getLogger(RequestBody.class.getName());
    private static final byte[] NOTHING = new byte[0];
    private static final long SLOW_START_NANOS = 60_000_000_000L;
    /** 16 kB/s: what a body must come at in the long run. */
    private static final long NANOS_PER_BYTE = 1_000_000_000L / (16 << 10);

    private final Exchange x;
    private final ProxyOptions options;
    private final Load load;
    private final ErrorAnswer errors;
    private final long declared;
    private final int most;
    private byte[] bytes;
    private int length;
    private boolean refused;

    private RequestBody(Exchange x, ProxyOptions options, Load load, ErrorAnswer errors, long declared) {
        this.x = x;
        this.options = options;
        this.load = load;
        this.errors = errors;
        this.declared = declared;
        this.most = most(x, options);
        this.bytes = NOTHING;
    }

    /** Hands over when the body is complete and in {@code x.body}; a body over a limit is refused as soon as that is known. */
    static void read(Exchange x, ProxyOptions options, Load load, ErrorAnswer errors, Consumer<Exchange> then) {
        long declared = declaredLength(x.request.getHeader("content-length"));
        if (declared > most(x, options)) {
            errors.refuseAndClose(x, tooLarge(x, declared, options));
            return;
        }
        x.inviteBody();
        RequestBody reader = new RequestBody(x, options, load, errors, declared);
        x.request.handler(reader::take);
        x.request.endHandler(_ -> {
            if (reader.refused || x.ended) return;
            x.body = reader.length == reader.bytes.length ? reader.bytes : Arrays.copyOf(reader.bytes, reader.length);
            if (isGzip(x)) reader.decode(then);
            else then.accept(x);
        });
        reader.await();
    }

    static boolean isGzip(Exchange x) {
        String coding = x.request.getHeader(HttpHeaders.CONTENT_ENCODING);
        return coding != null && (coding.equalsIgnoreCase("gzip") || coding.equalsIgnoreCase("x-gzip"));
    }

    private void await() {
        x.deadline(FailureKind.REQUEST_TIMEOUT, deadline(x, length, 0, options));
    }

    /**
     * Until when the next piece of a body must be here, all pieces so far having come no slower than the slowest client sends that is waited for.
     *
     * @param notClientsNanos how long the client was kept from sending
     */
    static long deadline(Exchange x, long received, long notClientsNanos, ProxyOptions options) {
        long whole = x.startedAtNanos + SLOW_START_NANOS + received * NANOS_PER_BYTE + notClientsNanos;
        long piece = System.nanoTime() + options.transport().bodyTimeout().toNanos();
        return whole - piece < 0 ? whole : piece;
    }

    /** Decoding may take longer than an event loop should be held up. */
    private void decode(Consumer<Exchange> then) {
        byte[] coded = x.body;
        // Counted there, as the call may end meanwhile; what is left of it in the end is counted as the body.
        AtomicInteger reserved = new AtomicInteger();
        IntPredicate room = more -> {
            if (!load.buffer(more, options.maxBufferedBytes())) return false;
            reserved.addAndGet(more);
            return true;
        };
        errors.vertx()
                .executeBlocking(() -> Gzip.inflate(coded, most, setting(x, options), room), false)
                .onComplete(decoded -> {
                    load.release(reserved.get());
                    if (x.ended) return;
                    if (decoded.failed()) {
                        LOG.log(
                                System.Logger.Level.ERROR,
                                "the body of call " + x.id + " cannot be decoded",
                                decoded.cause());
                        errors.refuse(
                                x, Failure.of(FailureKind.GATEWAY_DEFECT, "the gateway failed; quote request " + x.id));
                        return;
                    }
                    switch (decoded.result()) {
                        case Gzip.Inflated(byte[] plain) -> {
                            if (!take(plain.length)) return;
                            x.body = plain;
                            then.accept(x);
                        }
                        case Gzip.Refused(String why) ->
                            errors.refuse(x, Failure.of(FailureKind.REQUEST_TOO_LARGE, why));
                        case Gzip.NoRoom() -> errors.refuse(x, Failure.overloaded());
                        case Gzip.Malformed(String why) ->
                            errors.refuse(x, Failure.of(FailureKind.INVALID_REQUEST, why));
                    }
                });
    }

    private boolean take(int more) {
        if (!load.buffer(more, options.maxBufferedBytes())) {
            refuse(Failure.overloaded());
            return false;
        }
        x.bufferedBytes += more;
        return true;
    }

    private void take(Buffer chunk) {
        if (refused || x.ended) return;
        int needed = length + chunk.length();
        if (needed > most) {
            refuse(tooLarge(x, needed, options));
            return;
        }
        if (!take(chunk.length())) return;
        if (needed > bytes.length) bytes = Arrays.copyOf(bytes, grown(needed));
        chunk.getBytes(0, chunk.length(), bytes, length);
        length = needed;
        if (needed != declared) await();
    }

    /** Memory is used as it is needed, whatever length the client declares; a body of the usual length takes one step. */
    private int grown(int needed) {
        long steps = Math.max(4096L, 2L * needed);
        return (int) Math.max(needed, Math.min(declared < 0 ? most : declared, steps));
    }

    private void refuse(Failure failure) {
        refused = true;
        bytes = NOTHING;
        errors.refuseAndClose(x, failure);
    }

    /** The most bytes of a body that is held: as the Model API says, but no more than the process allows. */
    static int most(Exchange x, ProxyOptions options) {
        int own = x.api().spec().maxBodyBytes();
        return own == 0 ? options.maxBodyBytes() : Math.min(own, options.maxBodyBytes());
    }

    /** Where {@link #most} is set. */
    static String setting(Exchange x, ProxyOptions options) {
        return most(x, options) == options.maxBodyBytes()
                ? "--max-body-bytes"
                : "maxBodyBytes of Model API \"" + x.api().name() + "\"";
    }

    /** The length that the client announces; -1 if it does not. */
    static long declaredLength(@org.jspecify.annotations.Nullable String header) {
        if (header == null) return -1;
        try {
            return Long.parseLong(header);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static Failure tooLarge(Exchange x, long length, ProxyOptions options) {
        return tooLarge(length, most(x, options), setting(x, options));
    }

    static Failure tooLarge(long length, long allowed, String setting) {
        return Failure.of(
                FailureKind.REQUEST_TOO_LARGE,
                "the request body has " + length + " bytes (allowed: " + allowed + "; setting: " + setting + ")");
    }
}
