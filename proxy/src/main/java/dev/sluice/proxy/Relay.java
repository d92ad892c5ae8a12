package dev.sluice.proxy;

import dev.sluice.protocol.WireFormat;
import dev.sluice.traffic.failure.Failure;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/** Carries one successful answer from the upstream to the client. */
sealed interface Relay
        permits StreamRelay,
                WholeRelay,
                OpaqueRelay,
                TranslatedStreamRelay,
                TranslatedWholeRelay,
                TranslatedDocumentRelay,
                ImageRelay,
                SocketRelay {
    /**
     * The relay that an answer needs.
     *
     * @param wire the client's wire format; null for a call that is not read
     * @param translation null if client and upstream speak the same form
     */
    static Relay of(
            Attempt attempt, HttpClientResponse answer, @Nullable WireFormat wire, @Nullable Translation translation) {
        String contentType = answer.getHeader(AnswerHeaders.CONTENT_TYPE);
        boolean streamed = contentType != null
                && (contentType.startsWith("text/event-stream")
                        || contentType.startsWith("application/vnd.amazon.eventstream"));
        if (translation != null) {
            return switch (translation) {
                case Translation.OfChat chat ->
                    streamed
                            ? new TranslatedStreamRelay(attempt, answer, chat)
                            : new TranslatedWholeRelay(attempt, answer, chat);
                case Translation.OfImages images -> new ImageRelay(attempt, answer, images, attempt.vertx());
                case Translation.OfWhole whole -> new TranslatedDocumentRelay(attempt, answer, whole);
            };
        }
        boolean json = contentType != null && contentType.startsWith("application/json");
        if (wire == null
                || KeptThings.isContent(attempt.exchange())
                || !streamed && !json && WireFormats.mayBeBytes(wire)) return new OpaqueRelay(attempt, answer);
        return streamed ? new StreamRelay(attempt, answer, wire) : new WholeRelay(attempt, answer, wire);
    }

    void start();

    /** Writes down what is known of the usage so far. */
    default void record(Exchange x) {}

    /** The answer has begun and cannot go on: tells the client in its protocol, as far as it has one for this. */
    void breakOff(Failure failure);

    /** Whether all that matters has arrived, so that a broken connection changes nothing. */
    default boolean isWhole() {
        return false;
    }

    /** Ends the answer as complete; only of one that is whole. */
    default void finish() {}

    /** The attempt is over: whatever else is open at the upstream for it is closed. */
    default void letGo() {}
}
