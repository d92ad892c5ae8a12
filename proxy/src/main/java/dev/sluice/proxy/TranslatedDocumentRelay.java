package dev.sluice.proxy;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.whole.WholeTranslation.Back;
import dev.sluice.traffic.failure.Classifier;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/**
 * Relays an answer that is one document, vectors or ranks, to a client of another format. A long one is translated off the event loop.
 */
final class TranslatedDocumentRelay implements Relay {
    /** Numbers are most of such answers, and their translation takes time. */
    private static final int SHORT_ANSWER = 256 << 10;

    private final Attempt attempt;
    private final HttpClientResponse answer;
    private final Translation.OfWhole translation;
    private final Buffer held = Buffer.buffer(4096);
    private boolean ended;

    TranslatedDocumentRelay(Attempt attempt, HttpClientResponse answer, Translation.OfWhole translation) {
        this.attempt = attempt;
        this.answer = answer;
        this.translation = translation;
    }

    @Override
    public void start() {
        answer.handler(this::chunk);
        answer.endHandler(_ -> finish());
    }

    @Override
    public void record(Exchange x) {}

    @Override
    public void breakOff(Failure failure) {
        attempt.exchange().response.reset();
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    @Override
    public void finish() {
        if (ended || attempt.exchange().ended) return;
        ended = true;
        byte[] bytes = held.getBytes();
        Context loop = Vertx.currentContext();
        if (bytes.length <= SHORT_ANSWER || loop == null) {
            pass(translation.call().back(bytes, translation.view()));
            return;
        }
        attempt.plane().offLoop().execute(() -> {
            Back back = translation.call().back(bytes, translation.view());
            loop.runOnContext(_ -> {
                if (!attempt.isOver() && !attempt.exchange().ended) pass(back);
            });
        });
    }

    private void pass(Back back) {
        switch (back) {
            case Back.Written(byte[] json, Usage usage) -> {
                if (attempt.leaksKey(json, 0, json.length)) {
                    attempt.fail(malformed("quoted its provider key in its answer"));
                    return;
                }
                attempt.exchange().reportedUsage = usage;
                attempt.answer(json);
            }
            case Back.Failed(UpstreamError told) ->
                attempt.fail(Classifier.classify(answer.statusCode(), told, told.retryAfterMillis()));
            case Back.Malformed(String why) -> attempt.fail(malformed("gave an answer that is none: " + why));
        }
    }

    private void chunk(Buffer chunk) {
        if (attempt.exchange().ended || ended) return;
        attempt.progressed();
        if (held.length() + chunk.length() > attempt.options().maxAnswerBytes()) {
            ended = true;
            attempt.fail(malformed("gave an answer longer than "
                    + attempt.options().maxAnswerBytes() + " bytes, which cannot be translated"));
            return;
        }
        held.appendBuffer(chunk);
    }

    private Failure malformed(String why) {
        return new Failure(
                FailureKind.UPSTREAM_MALFORMED,
                "service \"" + attempt.target().service().name() + "\" " + why,
                answer.statusCode(),
                UpstreamError.NONE,
                -1,
                null);
    }
}
