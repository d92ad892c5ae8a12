package dev.sluice.proxy;

import dev.sluice.traffic.failure.Failure;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An upstream's answer that is read as one document: gathered as it comes, up to a bound beyond which the attempt fails. */
final class HeldAnswer {
    private final Attempt attempt;
    private final HttpClientResponse answer;
    private @Nullable Buffer held = Buffer.buffer(4096);
    private boolean tooLong;

    private HeldAnswer(Attempt attempt, HttpClientResponse answer) {
        this.attempt = attempt;
        this.answer = answer;
    }

    /** @param whole is given the document, unless the attempt is over by then */
    static void gather(Attempt attempt, HttpClientResponse answer, Consumer<byte[]> whole) {
        HeldAnswer held = new HeldAnswer(attempt, answer);
        answer.handler(held::chunk);
        answer.endHandler(_ -> held.ended(whole));
    }

    private void ended(Consumer<byte[]> whole) {
        Buffer all = held;
        held = null;
        if (all != null && !isOfNoUse()) whole.accept(all.getBytes());
    }

    private void chunk(Buffer chunk) {
        Buffer before = held;
        if (before == null || isOfNoUse()) return;
        attempt.progressed();
        if (before.length() + chunk.length() > attempt.options().maxAnswerBytes()) {
            tooLong = true;
            attempt.fail(attempt.handover().tooLong(answer));
        } else if (attempt.handover().holds(chunk.length())) {
            before.appendBuffer(chunk);
        } else {
            tooLong = true;
            attempt.fail(Failure.overloaded());
        }
    }

    private boolean isOfNoUse() {
        return tooLong || attempt.isOver();
    }
}
