package dev.sluice.bench.compare;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * What a short run on a machine that may be busy can tell for sure: that a call became several times as dear beside nginx, that an open
 * stream holds several times the memory, that calls are missing in the usage statistics. Times are printed and not judged, and a
 * round that was not clean proves nothing.
 */
final class Smoke {
    private static final double FACTOR = 4;
    /** With more of the machine taken by others the gateway is not warm in time, and a ratio says nothing. */
    private static final double QUIET = 0.1;

    private static final List<Budget> RATIOS = List.of(Budget.CALL, Budget.STEADY_CALL, Budget.EVENT);

    private Smoke() {}

    /** Tells what is wrong; whether anything is. */
    static boolean problems(Outcome outcome, PrintStream progress) {
        boolean wrong = false;
        boolean isQuiet = outcome.othersShare() <= QUIET;
        if (!isQuiet) progress.println("bench: other processes took too much of the machine, so ratios are not judged");
        for (Map.Entry<Budget, Double> figure : outcome.budgeted().entrySet()) {
            double allowed = figure.getKey().limit() * FACTOR;
            boolean isJudged = figure.getKey() == Budget.HEAP_PER_STREAM || isQuiet && RATIOS.contains(figure.getKey());
            if (!isJudged || figure.getValue() <= allowed) continue;
            wrong = true;
            progress.println("bench: %s: %.2f %s (allowed: %.2f)"
                    .formatted(
                            figure.getKey().title(),
                            figure.getValue(),
                            figure.getKey().unit(),
                            allowed));
        }
        if (outcome.gateway().isEmpty()) {
            progress.println("bench: no gateway was measured");
            return true;
        }
        Outcome.OfGateway gateway = outcome.gateway().get();
        // A call that broke off is counted by one side only.
        boolean isClean = outcome.complaints().stream().allMatch(complaint -> complaint.startsWith("nginx"));
        if (isClean && gateway.meteredCalls().orElse(-1) != gateway.sentCalls()) {
            progress.println("bench: %d calls finished, and %s are in the usage statistics"
                    .formatted(gateway.sentCalls(), gateway.meteredCalls()));
            return true;
        }
        return wrong;
    }
}
