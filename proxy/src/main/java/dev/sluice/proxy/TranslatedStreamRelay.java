package dev.sluice.proxy;

import dev.sluice.protocol.ClientError;
import dev.sluice.protocol.EventKind;
import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.chat.AnswerCollector;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatEvent;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.Delivered;
import dev.sluice.protocol.chat.EventJudge;
import dev.sluice.protocol.chat.StreamDecoder;
import dev.sluice.protocol.chat.StreamDecoder.Stop;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Relays a stream of one format to a client of another: the upstream's decoder makes events, the client's encoder writes them.
 * What comes before the first content is held back, so that a failure there can still lead to another attempt. A client that
 * asked for a whole answer gets the events gathered.
 */
final class TranslatedStreamRelay implements Relay {
    private static final int MAX_HELD = 1 << 20;

    private final Attempt attempt;
    private final HttpClientResponse answer;
    private final Translation.OfChat translation;
    private final StreamDecoder decoder;
    private final StreamEncoder encoder;
    private final @Nullable AnswerCollector gathered;
    private final Delivered delivered = new Delivered();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private final Consumer<ChatEvent> sink = this::event;
    private @Nullable Usage usage;
    private @Nullable Failure failure;
    private int held;
    private boolean content;
    private boolean modelFinished;
    private boolean sawEnd;
    private boolean finished;

    TranslatedStreamRelay(Attempt attempt, HttpClientResponse answer, Translation.OfChat translation) {
        this.attempt = attempt;
        this.answer = answer;
        this.translation = translation;
        this.decoder = translation.upstream().decoder(attempt.options().maxEventBytes());
        this.encoder = ArrayFrames.around(
                translation.client().encoder(translation.view()),
                attempt.exchange(),
                attempt.options().maxEventBytes());
        this.gathered = translation.toStream() ? null : new AnswerCollector();
    }

    @Override
    public void start() {
        attempt.exchange().streamed = translation.toStream();
        answer.handler(this::chunk);
        answer.endHandler(_ -> ended());
    }

    @Override
    public void record(Exchange x) {
        x.reportedUsage = usage != null || modelFinished ? usage : decoder.told();
        if (x.committed) x.delivered = delivered.sample();
    }

    @Override
    public void breakOff(Failure cause) {
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        // Behind its reason to end the client has all of the answer: to fail the call would take it away.
        if (modelFinished) encoder.write(new ChatEvent.Ended(), last);
        else told(cause, last);
        attempt.handover().end(Buffer.buffer(last.toByteArray()));
    }

    private void told(Failure cause, ByteArrayOutputStream last) {
        encoder.fail(
                new ClientError(
                        cause.kind().status(),
                        cause.kind().type(),
                        cause.kind().code(),
                        cause.message(),
                        null,
                        List.of()),
                last);
    }

    @Override
    public boolean isWhole() {
        // A client that waits for the whole answer has all of it with the reason why it ended.
        return sawEnd || modelFinished && (usage != null || gathered != null);
    }

    @Override
    public void finish() {
        Exchange x = attempt.exchange();
        if (finished || x.ended) return;
        finished = true;
        AnswerCollector whole = gathered;
        if (whole != null) {
            gathered(whole);
            return;
        }
        if (!sawEnd) {
            encoder.write(new ChatEvent.Ended(), out);
            if (!x.committed) commit(x);
            send(x);
        }
        attempt.handover().end();
        attempt.complete();
    }

    @Override
    public void letGo() {
        // Where the upstream failed or broke off there is nothing to stop.
        Stop stop = failure != null || attempt.isCut() || isWhole() ? null : decoder.stop(translation.user());
        if (stop != null) attempt.furtherCalls().tell(stop.path(), stop.body());
    }

    private void gathered(AnswerCollector whole) {
        switch (whole.result()) {
            case AnswerRead.Read(ChatAnswer said) ->
                attempt.handover().answer(answer, translation.client().writeAnswer(said, translation.view()));
            case AnswerRead.Failed(UpstreamError told) -> attempt.fail(attempt.told(answer, told));
            case AnswerRead.Malformed(String why) ->
                attempt.fail(
                        attempt.blamed(FailureKind.UPSTREAM_MALFORMED, answer, "gave an answer that is none: " + why));
        }
    }

    private void chunk(Buffer buffer) {
        Exchange x = attempt.exchange();
        if (x.ended || failure != null) return;
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        if (bytes.hasArray()) {
            int from = bytes.arrayOffset() + bytes.readerIndex();
            decoder.feed(bytes.array(), from, from + buffer.length(), sink);
        } else {
            decoder.feed(buffer.getBytes(), 0, buffer.length(), sink);
        }
        pass(x);
    }

    private void ended() {
        Exchange x = attempt.exchange();
        if (x.ended || failure != null) return;
        decoder.end(sink);
        if (failure == null && !content) {
            failure = attempt.blamed(FailureKind.UPSTREAM_MALFORMED, answer, "ended its stream without content");
        } else if (failure == null && !sawEnd && !modelFinished) {
            failure = attempt.blamed(FailureKind.UPSTREAM_CUT, answer, "ended its stream before it was finished");
        }
        pass(x);
        if (failure == null) finish();
    }

    private void event(ChatEvent event) {
        // What keeps a stream alive is of no use to a client that sees nothing of it yet.
        if (failure != null || event instanceof ChatEvent.Ping && !content) return;
        delivered.add(event);
        switch (event) {
            case ChatEvent.UsageReport(Usage reported) -> usage = reported;
            case ChatEvent.Failed(UpstreamError told) -> {
                failure = attempt.told(answer, told);
                return;
            }
            case ChatEvent.Finished _ -> modelFinished = true;
            case ChatEvent.Conversation(String id) -> attempt.exchange().conversationId = id;
            case ChatEvent.Ended _ -> sawEnd = true;
            case ChatEvent.Started _,
                    ChatEvent.TextDelta _,
                    ChatEvent.ThinkingDelta _,
                    ChatEvent.ThinkingSignature _,
                    ChatEvent.RedactedThinking _,
                    ChatEvent.RefusalDelta _,
                    ChatEvent.MediaPart _,
                    ChatEvent.Noted _,
                    ChatEvent.ToolCallStarted _,
                    ChatEvent.ToolCallDelta _,
                    ChatEvent.Ping _ -> {}
        }
        content |= EventJudge.kind(event) == EventKind.CONTENT;
        AnswerCollector whole = gathered;
        ChatEvent told = translation.told(event);
        if (whole == null) encoder.write(told, out);
        else whole.add(told);
    }

    /** Sends what the events of a chunk became, holds it back, or fails. */
    private void pass(Exchange x) {
        AnswerCollector whole = gathered;
        if (whole != null && failure == null && !holds(whole.length()))
            failure = whole.length() > attempt.options().maxAnswerBytes()
                    ? attempt.handover().tooLong(answer)
                    : Failure.overloaded();
        Failure broken = failure;
        if (whole != null) {
            if (broken != null) attempt.fail(broken);
            else attempt.progressed();
            return;
        }
        if (!x.committed) {
            if (broken != null && !content) {
                attempt.fail(broken);
                return;
            }
            if (!content && out.size() <= MAX_HELD && holds(out.size())) {
                attempt.progressed();
                return;
            }
            commit(x);
        }
        send(x);
        if (broken != null) {
            attempt.fail(broken);
            return;
        }
        attempt.progressed();
        BackPressure.apply(attempt, answer, x.response);
    }

    /** Whether there is room for all that is held back now. */
    private boolean holds(int length) {
        if (gathered != null && length > attempt.options().maxAnswerBytes()
                || !attempt.handover().holds(length - held)) return false;
        held = length;
        return true;
    }

    private void commit(Exchange x) {
        attempt.handover().commit(encoder.contentType());
        x.response.setChunked(true);
        AnswerHeaders.putStream(x.response.headers());
    }

    private void send(Exchange x) {
        if (out.size() == 0 || x.response.closed()) return;
        Buffer ready = Buffer.buffer(out.toByteArray());
        out.reset();
        attempt.handover().write(ready);
    }
}
