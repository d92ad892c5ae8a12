package dev.sluice.app;

import java.util.List;

/** The gateway cannot start; each problem is one line for the operator. */
final class StartException extends Exception {
    private final List<String> problems;

    StartException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    StartException(String problem) {
        this(List.of(problem));
    }

    List<String> problems() {
        return problems;
    }
}
