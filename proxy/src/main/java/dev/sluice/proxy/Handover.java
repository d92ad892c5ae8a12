package dev.sluice.proxy;

import dev.sluice.settings.Operation;
import dev.sluice.settings.catalogue.Provider.ProviderKind;
import dev.sluice.settings.snapshot.BoundKey;
import dev.sluice.traffic.failure.Failure;
import dev.sluice.traffic.failure.FailureKind;
import dev.sluice.upstreams.TravellingHeaders;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;

/** An attempt's answer on its way to the client: what is held back of it, and the moment from which it belongs to the client. */
final class Handover {
    private final Attempt attempt;
    private final Exchange x;
    private boolean probePassed;

    Handover(Attempt attempt) {
        this.attempt = attempt;
        this.x = attempt.exchange();
    }

    /** Whether the attempt was a probe of a half open circuit, and the circuit knows already that it went well. */
    boolean isProbePassed() {
        return probePassed;
    }

    /** From now on the answer belongs to the client: records who answered and writes what the gateway says in its head. */
    void commit(HttpClientResponse answer) {
        committed();
        x.response.setStatusCode(answer.statusCode());
        BoundKey key = attempt.key();
        String secret = key == null ? null : key.secret();
        if (attempt.target().service().provider().kind() == ProviderKind.HTTP)
            TravellingHeaders.ofBackend(answer.headers(), x.response.headers(), secret);
        else TravellingHeaders.toClient(answer.headers(), x.response.headers(), secret);
        AnswerHeaders.put(x, x.response.headers());
    }

    /** As {@link #commit(HttpClientResponse)} for an answer that the gateway writes itself: the upstream's headers are of no use. */
    void commit(String contentType) {
        committed();
        x.response.putHeader(AnswerHeaders.CONTENT_TYPE, contentType);
        AnswerHeaders.put(x, x.response.headers());
    }

    /** From now on the socket belongs to the client. */
    void commitSocket() {
        committed();
    }

    /** The whole answer as the client gets it: commits, sends and completes, unless it quotes the provider key. */
    void answer(HttpClientResponse from, byte[] json) {
        if (leaksKey(json, 0, json.length)) {
            attempt.fail(attempt.blamed(FailureKind.UPSTREAM_MALFORMED, from, "quoted its provider key in its answer"));
            return;
        }
        commit("application/json");
        end(Buffer.buffer(json));
        attempt.complete();
    }

    /** An answer that the upstream was not asked for. */
    void answerLocally(byte[] json) {
        x.committed = true;
        x.answeredBy = attempt.target();
        x.response.putHeader(AnswerHeaders.CONTENT_TYPE, AnswerHeaders.JSON);
        AnswerHeaders.put(x, x.response.headers());
        end(Buffer.buffer(json));
    }

    /** Counts that so many more bytes of the answer are held back; false if there is no room for them. */
    boolean holds(int more) {
        return load().hold(x, more, attempt.options().maxBufferedBytes());
    }

    /** What was held back of the answer is not any more. */
    void letGo() {
        load().letGo(x);
    }

    /** The answer cannot be translated, as it is longer than the gateway holds. */
    Failure tooLong(HttpClientResponse answer) {
        return attempt.blamed(
                FailureKind.ANSWER_TOO_LONG,
                answer,
                "gave an answer longer than " + attempt.options().maxAnswerBytes()
                        + " bytes, which cannot be translated (setting: --max-answer-bytes)");
    }

    /** An upstream that quotes the key it was sent must not show it to the client. */
    boolean leaksKey(byte[] bytes, int from, int to) {
        BoundKey key = attempt.key();
        return key != null && new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).contains(key.secret());
    }

    /** Sends the next piece of the answer. */
    void write(Buffer piece) {
        boolean full = x.response.writeQueueFull();
        x.responseBytes += piece.length();
        load().leaves(piece.length(), full, false, x.response.write(piece));
    }

    /** Sends the last piece of the answer. */
    void end(Buffer last) {
        boolean full = x.response.writeQueueFull();
        x.responseBytes += last.length();
        load().leaves(last.length(), full, true, x.response.end(last));
    }

    /** Ends the answer, of which all pieces have been sent. */
    void end() {
        boolean full = x.response.writeQueueFull();
        load().leaves(0, full, true, x.response.end());
    }

    /** A piece of so many bytes is on its way to the client. */
    void leaves(int bytes, Future<Void> written) {
        load().leaves(bytes, false, false, written);
    }

    /** The client is slow to take its answer: whether there is room for what waits for it. */
    boolean waits() {
        return load().waits(x, attempt.options().maxBufferedBytes());
    }

    /** The client has taken what waited for it. */
    void waitsNoLonger() {
        load().waitsNoLonger(x);
    }

    private Load load() {
        return attempt.plane().load();
    }

    private void committed() {
        x.committed = true;
        probePassed = attempt.health().answered(attempt);
        x.answeredBy = attempt.target();
        x.answeredWith = attempt.key();
        x.firstContentNanos = System.nanoTime();
        letGo();
        // What is billed by the request's own text is read from it in the end.
        if (x.operation() != Operation.SPEECH) x.forgetRequest(load());
        attempt.forgetBody();
    }
}
