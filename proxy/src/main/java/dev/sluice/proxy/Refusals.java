package dev.sluice.proxy;

import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests that were refused for their form, before they became calls: counted, and said now and then. Safe for all event
 * loops.
 */
public final class Refusals {
    private static final System.Logger LOG = System.getLogger(Refusals.class.getName());
    private static final long REPEAT_NANOS = 10_000_000_000L;

    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);
    private final Executor offLoop;
    private final AtomicLong saidAt = new AtomicLong(System.nanoTime() - REPEAT_NANOS);
    private final AtomicLong unsaid = new AtomicLong();

    /** What is wrong with a request. */
    public enum Reason {
        /** It cannot be read as HTTP. */
        MALFORMED(400),
        /** Servers would read it in different ways, or its target is not allowed. */
        AMBIGUOUS(400),
        /** It came to a port that speaks another version of HTTP. */
        WRONG_VERSION(400),
        URL_TOO_LONG(414),
        UNSUPPORTED_ENCODING(415),
        UNKNOWN_EXPECTATION(417),
        HEADERS_TOO_LONG(431);

        private final int status;

        Reason(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }

        /** How metrics and logs name it, e.g. {@code url-too-long}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** @param offLoop writes the log */
    public Refusals(Executor offLoop) {
        this.offLoop = offLoop;
        for (Reason reason : Reason.values()) counts.put(reason, new LongAdder());
    }

    /** Since the start. */
    public long count(Reason reason) {
        return of(reason).sum();
    }

    void add(Reason reason, String requestId, String address, String why) {
        of(reason).increment();
        long before = unsaid.getAndIncrement();
        long said = saidAt.get();
        long now = System.nanoTime();
        if (now - said < REPEAT_NANOS || !saidAt.compareAndSet(said, now)) return;
        unsaid.set(0);
        offLoop.execute(() -> LOG.log(
                Level.INFO,
                "request " + requestId + " of " + address + " was refused with " + reason.status() + ": " + why
                        + (before == 0 ? "" : " (and " + before + " others before that)")));
    }

    private LongAdder of(Reason reason) {
        return Objects.requireNonNull(counts.get(reason));
    }
}
