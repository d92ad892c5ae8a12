package dev.sluice.app.cli;

/**
 * One thing that the doctor looked at.
 *
 * @param subject what was looked at
 * @param observation what was seen, or what is wrong and what to do about it
 */
record Finding(Level level, String subject, String observation) {
    /** How bad it is. */
    enum Level {
        OK,
        WARN,
        FAIL
    }

    static Finding ok(String subject, String observation) {
        return new Finding(Level.OK, subject, observation);
    }

    static Finding warn(String subject, String observation) {
        return new Finding(Level.WARN, subject, observation);
    }

    static Finding fail(String subject, String observation) {
        return new Finding(Level.FAIL, subject, observation);
    }
}
