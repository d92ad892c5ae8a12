package dev.sluice.app.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is said to the person or program at the terminal: answers on one stream, trouble on the other. The only place
 * that knows the standard streams of the process.
 */
public record Console(PrintStream out, PrintStream err) {
    /** The standard streams, in UTF-8 whatever the locale. */
    public static Console standard() {
        return new Console(
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8));
    }

    /** Prints the problems of a refused command line. */
    public void refuse(Parsed.Refused refused) {
        problems("cannot start", refused.problems());
    }

    /** Prints a heading and, below it, one numbered line per problem. */
    public void problems(String heading, List<String> problems) {
        if (problems.size() == 1) {
            err.println("sluice: " + problems.getFirst());
            return;
        }
        err.println("sluice: " + heading + ", " + problems.size() + " problems:");
        for (int i = 0; i < problems.size(); i++) err.println("  " + (i + 1) + ". " + problems.get(i));
    }
}
