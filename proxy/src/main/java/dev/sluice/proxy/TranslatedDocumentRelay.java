package dev.sluice.proxy;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.whole.WholeTranslation.Back;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
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

    TranslatedDocumentRelay(Attempt attempt, HttpClientResponse answer, Translation.OfWhole translation) {
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
        Context loop = Vertx.currentContext();
        if (bytes.length <= SHORT_ANSWER || loop == null) {
            pass(translation.call().back(bytes, translation.view()));
            return;
        }
        attempt.plane().offLoop().execute(() -> {
            Back back = translation.call().back(bytes, translation.view());
            loop.runOnContext(_ -> {
                if (!attempt.isOver()) pass(back);
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
            case Back.Failed(UpstreamError told) -> attempt.fail(attempt.told(answer, told));
            case Back.Malformed(String why) -> attempt.fail(malformed("gave an answer that is none: " + why));
        }
    }

    private Failure malformed(String why) {
        return attempt.blamed(FailureKind.UPSTREAM_MALFORMED, answer, why);
    }
}
