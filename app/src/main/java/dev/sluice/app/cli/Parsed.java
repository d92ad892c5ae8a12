package dev.sluice.app.cli;

import java.util.List;

/** What came of reading a command line. */
public sealed interface Parsed {
    /** The exit code of a process whose command line was refused. */
    int REFUSED_EXIT_CODE = 2;

    /** A command to carry out. */
    record Accepted(Command command) implements Parsed {}

    /** Every problem found, each one line that names the value and what was expected; never empty. */
    record Refused(List<String> problems) implements Parsed {
        public Refused {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) throw new IllegalArgumentException("problems: [] (expected: at least one)");
        }
    }
}
