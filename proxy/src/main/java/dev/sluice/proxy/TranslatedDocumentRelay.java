package dev.sluice.proxy;

import dev.sluice.protocol.UpstreamError;
import dev.sluice.protocol.Usage;
import dev.sluice.protocol.whole.WholeTranslation.Back;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Relays an answer that is one document, vectors or ranks, to a client of another format. A long one is translated off the event loop.
 *
 * <p>Where the upstream takes a request in parts only, the other parts are sent once the first is answered, since most of what can go wrong with
 * one of them goes wrong with the first; then a few at a time. If one fails all fail, and the attempt with them.
 */
final class TranslatedDocumentRelay implements Relay {
    /** Numbers are most of such answers, and their translation takes time. */
    private static final int SHORT_ANSWER = 256 << 10;

    private static final int MOST_AT_ONCE = 4;

    private static final byte[] NOTHING = {};

    private final Attempt attempt;
    private final HttpClientResponse answer;
    private final Translation.OfWhole translation;
    private final List<WholeCalls.Part> further;
    /** The answers to all parts, in their order, as far as they are there. */
    private final byte[][] documents;

    private final List<HttpClientRequest> open = new ArrayList<>(0);
    private int asked;
    private int answered;
    /** Of all answers together. */
    private long length;

    private boolean ended;

    TranslatedDocumentRelay(Attempt attempt, HttpClientResponse answer, Translation.OfWhole translation) {
        this.attempt = attempt;
        this.answer = answer;
        this.translation = translation;
        this.further = translation.further();
        this.documents = new byte[1 + further.size()][];
        Arrays.fill(documents, NOTHING);
    }

    @Override
    public void start() {
        HeldAnswer.gather(attempt, answer, document -> {
            if (!further.isEmpty()) attempt.received();
            arrived(0, document);
        });
    }

    @Override
    public void breakOff(Failure failure) {
        attempt.exchange().response.reset();
    }

    @Override
    public void letGo() {
        ended = true;
        for (HttpClientRequest request : open) request.reset();
        open.clear();
    }

    private boolean isOver() {
        return ended || attempt.isOver();
    }

    private void arrived(int index, byte[] document) {
        if (isOver()) return;
        documents[index] = document;
        answered++;
        length += document.length;
        if (length > attempt.options().maxAnswerBytes()) {
            attempt.fail(attempt.handover().tooLong(answer));
        } else if (answered == documents.length) {
            translate();
        } else {
            while (asked < further.size() && asked + 1 - answered < MOST_AT_ONCE) ask(++asked);
        }
    }

    private void ask(int index) {
        WholeCalls.Part part = further.get(index - 1);
        attempt.furtherCalls().post(part).onComplete(opened -> {
            if (isOver()) {
                if (opened.succeeded()) opened.result().reset();
            } else if (opened.succeeded()) {
                send(index, opened.result(), part.body());
            } else {
                broken(opened.cause());
            }
        });
    }

    private void send(int index, HttpClientRequest request, byte[] body) {
        open.add(request);
        request.send(Buffer.buffer(body)).onComplete(sent -> {
            if (isOver()) return;
            if (sent.failed()) {
                broken(sent.cause());
                return;
            }
            HttpClientResponse part = sent.result();
            part.exceptionHandler(this::broken);
            attempt.progressed();
            if (part.statusCode() < 200 || part.statusCode() > 299) {
                refused(part);
                return;
            }
            HeldAnswer.gather(attempt, part, document -> {
                open.remove(request);
                arrived(index, document);
            });
        });
    }

    private void refused(HttpClientResponse part) {
        Refusal refusal = new Refusal(part);
        part.handler(refusal::add);
        part.endHandler(_ -> {
            if (!isOver()) attempt.refused(refusal);
        });
    }

    private void broken(Throwable cause) {
        if (!isOver())
            attempt.fail(attempt.blamed(
                    FailureKind.UPSTREAM_CUT,
                    answer,
                    "answered a part of the call, but not another: " + Causes.inPlainWords(cause)));
    }

    private void translate() {
        List<byte[]> bodies = List.of(documents);
        Arrays.fill(documents, NOTHING);
        if (length <= SHORT_ANSWER) {
            pass(translation.call().back(bodies, translation.view()));
            return;
        }
        // What is made of it is about as long, and many may be at work at a time.
        if (!attempt.handover().holds((int) length)) {
            attempt.fail(Failure.overloaded());
            return;
        }
        attempt.plane()
                .offLoop()
                .run(() -> translation.call().back(bodies, translation.view()))
                .onSuccess(back -> {
                    if (!attempt.isOver()) pass(back);
                })
                .onFailure(cause -> attempt.defect("has an answer that cannot be translated", cause));
    }

    private void pass(Back back) {
        switch (back) {
            case Back.Written(byte[] json, Usage usage) -> {
                attempt.exchange().reportedUsage = usage;
                attempt.handover().answer(answer, json);
            }
            case Back.Failed(UpstreamError told) -> attempt.fail(attempt.told(answer, told));
            case Back.Malformed(String why) -> attempt.fail(malformed("gave an answer that is none: " + why));
        }
    }

    private Failure malformed(String why) {
        return attempt.blamed(FailureKind.UPSTREAM_MALFORMED, answer, why);
    }
}
