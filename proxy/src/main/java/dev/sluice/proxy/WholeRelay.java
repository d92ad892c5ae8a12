package dev.sluice.proxy;

import dev.sluice.protocol.Answer;
import dev.sluice.protocol.Splice;
import dev.sluice.protocol.WireFormat;
import dev.sluice.protocol.json.Abridged;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Relays an answer that is one document. It is held back until it is complete and judged, so that an error in it can
 * still lead to another attempt; one that is longer than may be held back is passed on as it comes.
 */
final class WholeRelay implements Relay {
    private final Attempt attempt;
    private final HttpClientResponse answer;
    private final WireFormat wire;
    private @Nullable Buffer held;
    /** What is read of an answer that is passed on as it comes. */
    private @Nullable Abridged passing;

    WholeRelay(Attempt attempt, HttpClientResponse answer, WireFormat wire) {
        this.attempt = attempt;
        this.answer = answer;
        this.wire = wire;
    }

    @Override
    public void start() {
        answer.handler(this::chunk);
        answer.endHandler(_ -> ended());
    }

    @Override
    public void breakOff(Failure failure) {
        // There is no way to tell an error inside a document: the connection breaks, as the upstream's did.
        attempt.exchange().response.reset();
    }

    private void ended() {
        Exchange x = attempt.exchange();
        if (attempt.isOver()) return;
        Buffer document = held;
        held = null;
        if (x.committed) {
            told(x);
            attempt.handover().end();
            attempt.complete();
            return;
        }
        byte[] bytes = document == null ? new byte[0] : document.getBytes();
        switch (wire.inspect(bytes, 0, bytes.length)) {
            case Answer.Complete _
            when attempt.handover().leaksKey(bytes, 0, bytes.length) ->
                attempt.fail(malformed("quoted its provider key in its answer"));
            case Answer.Complete complete -> {
                Buffer told = sealed(bytes, document == null ? Buffer.buffer() : document);
                attempt.handover().commit(answer);
                Jobs.read(attempt, bytes);
                x.reportedUsage = complete.usage();
                x.delivered = complete.output();
                x.units = complete.units();
                attempt.handover().end(told);
                attempt.complete();
            }
            case Answer.Failed failed -> attempt.fail(attempt.told(answer, failed.error()));
            case Answer.Malformed(String why) -> attempt.fail(malformed("gave an answer that is none: " + why));
        }
    }

    /** What an answer that was not held tells of its usage. */
    private void told(Exchange x) {
        byte[] rest = passing == null ? null : passing.toBytes();
        if (rest == null || !(wire.inspect(rest, 0, rest.length) instanceof Answer.Complete complete)) return;
        x.reportedUsage = complete.usage();
        x.units = complete.units();
    }

    private Failure malformed(String why) {
        return attempt.blamed(FailureKind.UPSTREAM_MALFORMED, answer, why);
    }

    /** The document with ids that lead back to where it comes from. */
    private Buffer sealed(byte[] bytes, Buffer document) {
        List<Splice> edits = KeptThings.edits(attempt, bytes);
        return edits.isEmpty() ? document : Buffer.buffer(Splice.apply(bytes, edits));
    }

    private void chunk(Buffer chunk) {
        Exchange x = attempt.exchange();
        if (attempt.isOver()) return;
        attempt.progressed();
        if (x.committed) {
            pass(x, chunk);
            return;
        }
        Buffer before = held;
        if (before == null) held = chunk;
        else
            held = (before.length() < 4096 ? Buffer.buffer(64 << 10).appendBuffer(before) : before).appendBuffer(chunk);
        Buffer now = held;
        if (now.length() > attempt.options().maxAnswerBytes()
                || !attempt.handover().holds(chunk.length())) {
            attempt.handover().commit(answer);
            passing = new Abridged();
            x.response.setChunked(true);
            held = null;
            pass(x, now);
        }
    }

    private void pass(Exchange x, Buffer chunk) {
        Abridged read = passing;
        if (read != null) read.feed(chunk.getBytes());
        attempt.handover().write(chunk);
        BackPressure.apply(attempt, answer, x.response);
    }
}
