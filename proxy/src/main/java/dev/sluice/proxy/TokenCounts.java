package dev.sluice.proxy;

import dev.sluice.protocol.TextSample;
import dev.sluice.protocol.count.CountFormat;
import dev.sluice.settings.catalogue.WireForm;

/** Counts the tokens of a request for clients that ask, where the service has no counter of its own or does not answer. */
final class TokenCounts {
    /** Marks an answer that is an estimate of the gateway. */
    static final String ESTIMATED = "x-sluice-estimated";

    private final DataPlane plane;

    TokenCounts(DataPlane plane) {
        this.plane = plane;
    }

    void answer(Exchange x, Attempt attempt, WireForm form) {
        TextSample input = x.head == null ? TextSample.EMPTY : x.head.input();
        plane.offLoop()
                .run(() -> plane.tokenizer().estimate(attempt.target().model(), input))
                .onSuccess(tokens -> attempt.answerLocally(written(form, tokens)))
                .onFailure(cause -> attempt.defect("has tokens that cannot be estimated", cause));
    }

    private static byte[] written(WireForm form, long tokens) {
        if (WireFormats.of(form) instanceof CountFormat format) return format.written(tokens);
        throw new IllegalArgumentException("form " + form + " counts no tokens");
    }
}
