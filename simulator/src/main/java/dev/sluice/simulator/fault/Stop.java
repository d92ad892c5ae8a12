package dev.sluice.simulator.fault;

import dev.sluice.simulator.voice.Complaint;
import org.jspecify.annotations.Nullable;

/**
 * Where and how an answer breaks off. Positions count events of a stream; a whole body counts as one event.
 *
 * @param before what happens in place of the head
 * @param cutAt events before the cut, with the fraction of the next one that still goes out; negative for no cut
 * @param ending how the connection ends after a cut or an error
 * @param silentAfter events before everlasting silence; {@link #NEVER} for none, {@link #AFTER_OPENING} for all before content
 * @param errorAfter events before an error object ends the answer; {@link #NEVER} for none
 * @param error that error; null unless {@code errorAfter} is set
 * @param errorBody the JSON of that error; null for the form of the wire format
 */
public record Stop(
        Before before,
        double cutAt,
        Ending ending,
        int silentAfter,
        int errorAfter,
        @Nullable Complaint error,
        @Nullable String errorBody) {
    public static final int NEVER = -1;
    public static final int AFTER_OPENING = -2;
    public static final Stop NONE = new Stop(Before.ANSWER, NEVER, Ending.CLOSE, NEVER, NEVER, null, null);

    /** What happens when the head is due. */
    public enum Before {
        ANSWER,
        /** The connection is reset. */
        RESET,
        /** The connection is closed in good order. */
        CLOSE,
        /** Nothing comes, ever. */
        HANG
    }

    /** How a connection ends after a cut. */
    public enum Ending {
        /** HTTP says that the answer is complete. */
        CLEAN,
        /** The connection is closed although HTTP promised more. */
        CLOSE,
        /** The connection is reset. */
        RESET
    }
}
