package dev.sluice.simulator.fault;

/**
 * How the bytes of an answer are changed on their way.
 *
 * @param malformedEvent number from 1 of the event whose JSON is broken; {@link #NO_EVENT}, {@link #FIRST_CONTENT}
 * @param corruptEvent number of the event with one bit turned, likewise
 * @param emptiness what is left out
 * @param keepAlives comments, or blank lines in a whole body, sent before the first event
 * @param keepAliveMillis wait before each of those
 * @param whiteSpace line feeds put before the first event or the body
 * @param byteOrderMark whether the body begins with a UTF-8 byte order mark
 * @param lineEnd how lines of a stream end
 * @param dripBytes most bytes in one write; 0 for no limit
 * @param dripMillis wait between the writes of a drip
 */
public record Dress(
        int malformedEvent,
        int corruptEvent,
        Emptiness emptiness,
        int keepAlives,
        long keepAliveMillis,
        int whiteSpace,
        boolean byteOrderMark,
        LineEnd lineEnd,
        int dripBytes,
        long dripMillis) {
    public static final int NO_EVENT = -1;
    public static final int FIRST_CONTENT = 0;
    public static final Dress NONE =
            new Dress(NO_EVENT, NO_EVENT, Emptiness.NOTHING_MISSING, 0, 0, 0, false, LineEnd.LF, 0, 0);

    /** What is left out of an answer. */
    public enum Emptiness {
        NOTHING_MISSING,
        /** There is no body at all. */
        EVERYTHING,
        /** Only the terminator of a stream is sent. */
        ALL_BUT_TERMINATOR,
        /** The terminator of a stream is missing. */
        TERMINATOR
    }

    /** How lines of an event stream end. */
    public enum LineEnd {
        LF("\n"),
        CRLF("\r\n"),
        CR("\r");

        private final String characters;

        LineEnd(String characters) {
            this.characters = characters;
        }

        public String characters() {
            return characters;
        }
    }
}
