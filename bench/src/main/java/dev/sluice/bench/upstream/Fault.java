package dev.sluice.bench.upstream;

/** What the mock provider does wrong when a call asks for it. */
public enum Fault {
    NONE(0),
    /** Status 500. */
    STATUS(1),
    /** Closes the connection without an answer. */
    CLOSE(2),
    /** Breaks off in the middle of a stream. */
    CUT(3);

    private static final Fault[] ALL = values();

    private final int number;

    Fault(int number) {
        this.number = number;
    }

    /** The number that a call asks for it by. */
    public int number() {
        return number;
    }

    static Fault numbered(int number) {
        for (Fault fault : ALL) {
            if (fault.number == number) return fault;
        }
        return NONE;
    }
}
