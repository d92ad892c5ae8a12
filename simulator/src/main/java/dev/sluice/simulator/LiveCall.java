package dev.sluice.simulator;

import dev.sluice.protocol.Usage;
import dev.sluice.simulator.voice.Header;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that may still be going on. Written by the event loop of its connection only, read by any thread: what has been sent becomes
 * visible with the outcome or the event count, which are written last.
 */
final class LiveCall {
    private final long number;
    private final long connection;
    private final String method;
    private final String path;
    private final String query;
    private final MultiMap headers;
    private final byte[] body;
    private final String model;
    private final String fault;
    private final long arrivedAtMillis = System.currentTimeMillis();

    private Usage whole = Usage.ZERO;
    private volatile int eventsSent;
    private volatile long bytesSent;
    private volatile long tokensSent;
    private volatile @Nullable Usage reported;
    private volatile long endedAtMillis;
    private volatile Outcome outcome = Outcome.OPEN;

    LiveCall(
            long number,
            long connection,
            String method,
            String path,
            String query,
            MultiMap headers,
            byte[] body,
            String model,
            String fault) {
        this.number = number;
        this.connection = connection;
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.model = model;
        this.fault = fault;
    }

    /** Sets what a full delivery costs; before the call is seen by other threads. */
    void costs(Usage usage) {
        whole = usage;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the event loop of the connection
    void sent(Step step) {
        bytesSent += step.bytes().length();
        tokensSent += step.tokens();
        if (step.reported() != null) {
            reported = step.reported();
        }
        if (step.endsEvent()) {
            eventsSent++;
        }
    }

    void ended(Outcome how) {
        endedAtMillis = System.currentTimeMillis();
        outcome = how;
    }

    Outcome outcome() {
        return outcome;
    }

    String model() {
        return model;
    }

    int size() {
        return body.length;
    }

    long tokensSent() {
        return tokensSent;
    }

    @Nullable
    Usage reported() {
        return reported;
    }

    /** Input counts as soon as anything was generated, output as far as it was sent; a refusal costs nothing. */
    Usage billed() {
        if (outcome == Outcome.ANSWERED) {
            return whole;
        }
        if (tokensSent == 0) {
            return Usage.ZERO;
        }
        return new Usage(
                whole.inputTokens(),
                whole.cachedInputTokens(),
                whole.cacheWrittenTokens(),
                tokensSent + whole.reasoningTokens(),
                whole.reasoningTokens());
    }

    ReceivedCall received() {
        List<Header> lines = new ArrayList<>();
        for (Map.Entry<String, String> line : headers) {
            lines.add(new Header(line.getKey(), line.getValue()));
        }
        Outcome now = outcome;
        return new ReceivedCall(
                number,
                connection,
                method,
                path,
                query,
                lines,
                body,
                model,
                fault,
                Instant.ofEpochMilli(arrivedAtMillis),
                now,
                eventsSent,
                bytesSent,
                tokensSent,
                billed(),
                reported,
                now == Outcome.OPEN ? null : Instant.ofEpochMilli(endedAtMillis));
    }
}
