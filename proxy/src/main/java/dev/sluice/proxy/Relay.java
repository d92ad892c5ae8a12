package dev.sluice.proxy;

import dev.sluice.traffic.failure.Failure;

/** Carries one successful answer from the upstream to the client. */
sealed interface Relay
        permits StreamRelay, WholeRelay, OpaqueRelay, TranslatedStreamRelay, TranslatedWholeRelay, SocketRelay {
    void start();

    /** Writes down what is known of the usage so far. */
    void record(Exchange x);

    /** The answer has begun and cannot go on: tells the client in its protocol, as far as it has one for this. */
    void breakOff(Failure failure);

    /** Whether all that matters has arrived, so that a broken connection changes nothing. */
    boolean isWhole();

    /** Ends the answer as complete. */
    void finish();
}
