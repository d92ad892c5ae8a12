package dev.sluice.proxy;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.chat.AnswerEvents;
import dev.sluice.protocol.chat.ChatAnswer;
import dev.sluice.protocol.chat.ChatFormat;
import dev.sluice.protocol.chat.ChatFormat.AnswerRead;
import dev.sluice.protocol.chat.StreamEncoder;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.ByteArrayOutputStream;

/** Relays an answer that is one document to a client of another format; a client that asked for a stream gets it as events. */
final class TranslatedWholeRelay implements Relay {
    private final Attempt attempt;
    private final HttpClientResponse answer;
    private final Translation.OfChat translation;

    TranslatedWholeRelay(Attempt attempt, HttpClientResponse answer, Translation.OfChat translation) {
        this.attempt = attempt;
        this.answer = answer;
        this.translation = translation;
    }

    @Override
    public void start() {
        HeldAnswer.gather(attempt, answer, this::whole);
    }

    @Override
    public void breakOff(Failure failure) {
        attempt.exchange().response.reset();
    }

    private void whole(byte[] bytes) {
        Exchange x = attempt.exchange();
        AnswerRead read = translation.upstream().readAnswer(bytes, 0, bytes.length);
        switch (read) {
            case AnswerRead.Read(ChatAnswer said) -> {
                x.reportedUsage = said.usage();
                x.conversationId = said.conversationId();
                x.delivered = ChatFormat.delivered(said);
                ChatAnswer told = translation.told(said);
                if (translation.toStream()) stream(x, told);
                else attempt.handover().answer(answer, translation.client().writeAnswer(told, translation.view()));
            }
            case AnswerRead.Failed(UpstreamError told) -> attempt.fail(attempt.told(answer, told));
            case AnswerRead.Malformed(String why) ->
                attempt.fail(
                        attempt.blamed(FailureKind.UPSTREAM_MALFORMED, answer, "gave an answer that is none: " + why));
        }
    }

    private void stream(Exchange x, ChatAnswer said) {
        StreamEncoder encoder = ArrayFrames.around(
                translation.client().encoder(translation.view()),
                x,
                attempt.options().maxEventBytes());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AnswerEvents.of(said, event -> encoder.write(event, out));
        x.streamed = true;
        attempt.handover().commit(encoder.contentType());
        x.response.setChunked(true);
        AnswerHeaders.putStream(x.response.headers());
        attempt.handover().end(Buffer.buffer(out.toByteArray()));
        attempt.complete();
    }
}
