package dev.sluice.proxy;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.Splice;
import dev.sluice.protocol.StreamTap;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.openai.KeptIds;
import dev.sluice.protocol.sse.EventSplitter;
import dev.sluice.protocol.sse.Splitter;
import dev.sluice.settings.catalogue.WireForm;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Relays a stream of events as they arrive, with a tap that reads along. Events before the first content are held back,
 * so that a failure among them can still lead to another attempt; the first content commits the answer. A chunk that
 * consists of whole events and needs no edit goes out as the very buffer that came in.
 */
final class StreamRelay implements Relay {
    /** How much may be held back before the first content; a stream that says more than this without content is let through. */
    private static final int MAX_HELD = 1 << 20;

    private static final byte[] NONE = new byte[0];

    private final Attempt attempt;
    private final HttpClientResponse answer;
    private final WireFormat wire;
    private final StreamTap tap;
    private final Splitter splitter;
    private final boolean hideUsage;
    private final @Nullable ArrayFrames array;
    private final @Nullable Function<String, @Nullable String> ids;
    private final boolean tellsOfJobs;
    private final EventSplitter.Sink sink = this::event;

    // while one chunk is looked at
    private byte[] chunk = NONE;
    private int runFrom;
    private int runTo;
    private @Nullable Buffer out;
    private @Nullable Failure failure;

    private @Nullable Buffer held;
    private boolean sawEnd;
    /** The client has been told why the answer ended, of every choice. */
    private boolean finishTold;
    /** The upstream itself ended the stream, in whatever words. */
    private boolean closed;

    private boolean toldByUpstream;
    private boolean finished;

    StreamRelay(Attempt attempt, HttpClientResponse answer, WireFormat wire) {
        this.attempt = attempt;
        this.answer = answer;
        this.wire = wire;
        this.tap = wire.tap(attempt.exchange().body);
        this.splitter = wire.splitter(attempt.options().maxEventBytes());
        this.array = ArrayFrames.of(attempt.exchange(), attempt.options().maxEventBytes());
        this.ids = KeptThings.spelling(attempt);
        this.tellsOfJobs = Jobs.tells(attempt.exchange());
        var head = attempt.exchange().head;
        this.hideUsage = head != null && head.askUsage() != null;
    }

    @Override
    public void start() {
        attempt.exchange().streamed = true;
        answer.handler(this::chunk);
        answer.endHandler(_ -> ended());
    }

    @Override
    public void record(Exchange x) {
        x.reportedUsage = tap.usage();
        x.units = tap.units();
        if (x.committed) x.delivered = tap.output();
    }

    @Override
    public void breakOff(Failure cause) {
        if (finishTold && !lacksUsage()) {
            // The client has all that it asked for: to fail the call would take from it what it has.
            endInPlace();
            return;
        }
        byte[] event = wire.errorEvent(new ClientError(
                cause.kind().status(), cause.kind().type(), cause.kind().code(), cause.message(), null, List.of()));
        ArrayFrames frames = array;
        if (frames != null) attempt.handover().write(Buffer.buffer(frames.next(event)));
        end(Buffer.buffer(event));
    }

    @Override
    public boolean isWhole() {
        if (!attempt.exchange().committed) return false;
        return sawEnd || finishTold && (tap.isEnded() || tap.usage() != null);
    }

    /** Whether the client asked for usage that comes behind the content and has not come. */
    private boolean lacksUsage() {
        WireForm form = attempt.exchange().form;
        boolean usageComesLast = form == WireForm.OPENAI_CHAT || form == WireForm.OPENAI_COMPLETIONS;
        return usageComesLast && !hideUsage && tap.usage() == null;
    }

    @Override
    public void finish() {
        Exchange x = attempt.exchange();
        if (finished || x.ended) return;
        finished = true;
        if (closed) end(Buffer.buffer());
        else endInPlace();
        attempt.complete();
    }

    /** Ends the answer as the upstream would have. */
    private void endInPlace() {
        end(Buffer.buffer(sawEnd || array != null ? NONE : wire.endEvent()));
    }

    private void chunk(Buffer buffer) {
        Exchange x = attempt.exchange();
        if (x.ended || failure != null) return;
        boolean before = x.committed;
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        byte[] array;
        int from;
        if (bytes.hasArray()) {
            array = bytes.array();
            from = bytes.arrayOffset() + bytes.readerIndex();
        } else {
            array = buffer.getBytes();
            from = 0;
        }
        int to = from + buffer.length();
        chunk = array;
        runFrom = runTo = -1;
        out = null;
        boolean fits = splitter.feed(array, from, to, sink);
        // the whole chunk, unedited, and nothing from before: the buffer goes out as it came
        boolean untouched = out == null && runFrom == from && runTo == to && held == null;
        if (!untouched) flushRun();
        chunk = NONE;
        if (!fits) {
            failure = Failure.of(
                    FailureKind.UPSTREAM_MALFORMED,
                    "service \"" + attempt.target().service().name() + "\" sent an event longer than "
                            + attempt.options().maxEventBytes() + " bytes (setting: --max-event-bytes)");
        }
        Buffer ready = untouched ? buffer : out;
        out = null;
        pass(x, before, ready);
    }

    private void ended() {
        Exchange x = attempt.exchange();
        if (x.ended || failure != null) return;
        boolean before = x.committed;
        closed = true;
        runFrom = runTo = -1;
        out = null;
        splitter.end(sink);
        flushRun();
        Buffer ready = out;
        out = null;
        if (failure == null && !x.committed) {
            failure = attempt.blamed(FailureKind.UPSTREAM_MALFORMED, answer, "ended its stream without content");
        } else if (failure == null && !sawEnd && !finishTold) {
            failure = Failure.of(
                    FailureKind.UPSTREAM_CUT,
                    "service \"" + attempt.target().service().name() + "\" ended its stream before it was finished");
        }
        pass(x, before, ready);
        if (failure == null) finish();
    }

    /** Sends what is ready, holds it back, or fails, by what the events of the chunk were. */
    private void pass(Exchange x, boolean committedBefore, @Nullable Buffer ready) {
        Failure broken = failure;
        if (!x.committed) {
            if (broken != null) {
                attempt.fail(broken);
                return;
            }
            if (ready != null) hold(ready);
            attempt.progressed();
            Buffer waiting = held;
            if (waiting == null) return;
            if (waiting.length() <= MAX_HELD && attempt.handover().holds(ready == null ? 0 : ready.length())) return;
            commit();
        }
        Buffer waiting = held;
        if (waiting != null) {
            held = null;
            ready = ready == null ? waiting : waiting.appendBuffer(ready);
        }
        if (ready != null && !x.response.closed()) {
            if (!committedBefore) {
                x.response.setChunked(true);
                AnswerHeaders.putStream(x.response.headers());
                if (array != null) x.response.putHeader(AnswerHeaders.CONTENT_TYPE, AnswerHeaders.JSON);
            }
            ArrayFrames frames = array;
            if (frames != null) ready = Buffer.buffer(frames.next(ready.getBytes()));
            attempt.handover().write(ready);
        }
        if (broken != null) {
            failAfterCommit(broken);
            return;
        }
        attempt.progressed();
        BackPressure.apply(attempt, answer, x.response);
    }

    /** An error event of the upstream has been passed on in its own words; anything else is told by the gateway. */
    private void failAfterCommit(Failure broken) {
        if (!toldByUpstream) {
            attempt.fail(broken);
            return;
        }
        end(Buffer.buffer());
        attempt.failTold(broken);
    }

    /** Ends the answer with its last bytes, or with the end of the array that they became. */
    private void end(Buffer last) {
        ArrayFrames frames = array;
        attempt.handover().end(frames == null ? last : Buffer.buffer(frames.end()));
    }

    private void hold(Buffer ready) {
        Buffer waiting = held;
        held = waiting == null ? Buffer.buffer(ready.length()).appendBuffer(ready) : waiting.appendBuffer(ready);
    }

    private void commit() {
        if (!attempt.exchange().committed) attempt.handover().commit(answer);
    }

    private void event(byte[] bytes, int from, int to) {
        if (failure != null) return;
        EventKind kind = tap.event(bytes, from, to);
        if (tellsOfJobs) Jobs.readEvent(attempt, bytes, from, to);
        if (kind != EventKind.ERROR) finishTold = tap.isFinished();
        switch (kind) {
            case LIFECYCLE -> keep(bytes, from, to);
            case CONTENT -> {
                commit();
                keep(bytes, from, to);
            }
            case USAGE_ONLY -> {
                if (!hideUsage) keep(bytes, from, to);
            }
            case END -> {
                sawEnd = true;
                keep(bytes, from, to);
            }
            case ERROR -> {
                failure = attempt.told(answer, tap.error());
                toldByUpstream = !"malformed_event".equals(tap.error().code())
                        && !attempt.handover().leaksKey(bytes, from, to);
                if (toldByUpstream) keep(bytes, from, to);
            }
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        Function<String, @Nullable String> spelling = ids;
        List<Splice> edits = spelling == null ? List.of() : KeptIds.inEvent(bytes, from, to, spelling);
        if (!edits.isEmpty()) {
            int kept = from;
            for (Splice edit : edits) {
                keepRange(bytes, kept, edit.from());
                flushRun();
                output().appendBytes(edit.replacement());
                kept = edit.to();
            }
            keepRange(bytes, kept, to);
        } else if (hideUsage && tap.emptyUsageFrom() >= 0) {
            keepRange(bytes, from, tap.emptyUsageFrom());
            keepRange(bytes, tap.emptyUsageTo(), to);
        } else {
            keepRange(bytes, from, to);
        }
    }

    /** Adds a range to what goes out; neighbouring ranges of the chunk are joined without copying. */
    private void keepRange(byte[] bytes, int from, int to) {
        boolean ofChunk = isChunk(bytes);
        if (ofChunk && runTo == from) {
            runTo = to;
            return;
        }
        flushRun();
        if (ofChunk) {
            runFrom = from;
            runTo = to;
        } else {
            output().appendBytes(bytes, from, to - from);
        }
    }

    @SuppressWarnings(
            "ReferenceEquality") // an event that lies whole within the chunk comes as a range of that very array
    private boolean isChunk(byte[] bytes) {
        return bytes == chunk;
    }

    private void flushRun() {
        if (runFrom < 0) return;
        output().appendBytes(chunk, runFrom, runTo - runFrom);
        runFrom = runTo = -1;
    }

    private Buffer output() {
        Buffer b = out;
        if (b == null) out = b = Buffer.buffer(512);
        return b;
    }
}
