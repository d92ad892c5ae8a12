package dev.sluice.proxy;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.anthropic.Anthropic;
import dev.sluice.protocol.gemini.Gemini;
import dev.sluice.settings.catalogue.WireForm;
import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Counts the tokens of a request for clients that ask, where the service has no counter of its own. */
final class TokenCounts {
    /** Marks an answer that is an estimate of the gateway. */
    static final String ESTIMATED = "x-sluice-estimated";

    private final Vertx vertx;
    private final DataPlane plane;

    TokenCounts(Vertx vertx, DataPlane plane) {
        this.vertx = vertx;
        this.plane = plane;
    }

    void answer(Exchange x, Attempt attempt, WireForm form) {
        TextSample input = x.head == null ? TextSample.EMPTY : x.head.input();
        Context loop = vertx.getOrCreateContext();
        plane.offLoop().execute(() -> {
            long tokens = plane.tokenizer().estimate(attempt.target().model(), input);
            loop.runOnContext(_ -> {
                if (x.ended) return;
                x.response.putHeader(ESTIMATED, "true");
                attempt.answerLocally(written(form, tokens));
            });
        });
    }

    private static byte[] written(WireForm form, long tokens) {
        if (form == WireForm.ANTHROPIC_COUNT) return Anthropic.tokenCount(tokens);
        if (form == WireForm.GEMINI_COUNT) return Gemini.tokenCount(tokens);
        throw new IllegalArgumentException("form " + form + " counts no tokens");
    }
}
