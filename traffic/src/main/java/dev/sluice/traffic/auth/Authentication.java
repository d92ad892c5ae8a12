package dev.sluice.traffic.auth;

import dev.sluice.settings.snapshot.Caller;
import dev.sluice.traffic.failure.Failure;

/** The outcome of authenticating a call. */
public sealed interface Authentication {
    /** A known caller who may call this Model API. */
    record Known(Caller caller) implements Authentication {}

    /** The Model API asks nobody who he is. */
    record Anonymous() implements Authentication {}

    record Refused(Failure failure) implements Authentication {}
}
