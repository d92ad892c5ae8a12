package dev.sluice.bench.compare;

import dev.sluice.bench.cli.Arguments;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The command {@code compare}: measures, prints the table and the line of JSON, and keeps both in a folder. */
public final class ComparisonCommand {
    private static final Set<String> OPTIONS =
            Set.of("launcher", "work", "out", "packages", "proxy-cpu", "rounds", "seconds", "check");
    private static final Set<String> FLAGS = Set.of("short", "smoke");

    private ComparisonCommand() {}

    /** @return 1 if something could not be measured, 3 if a checked budget is exceeded or a smoke test fails */
    public static int run(List<String> words, PrintStream out, PrintStream progress)
            throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(words, OPTIONS, FLAGS);
        Optional<Path> launcher = arguments.text("launcher").map(Path::of);
        Path work =
                Path.of(arguments.text("work").orElseThrow(() -> new IllegalArgumentException("--work is missing")));
        Path folder =
                Path.of(arguments.text("out").orElseThrow(() -> new IllegalArgumentException("--out is missing")));
        Path packages = arguments.text("packages").map(Path::of).orElse(folder);
        int proxyCpu = arguments.number("proxy-cpu", 0);
        Settings settings = arguments.has("short")
                ? Settings.brief(launcher, work, packages, proxyCpu)
                : arguments.has("smoke")
                        ? Settings.smoke(launcher, work, packages, proxyCpu)
                        : Settings.full(launcher, work, packages, proxyCpu);
        long roundMillis = (long) (arguments.decimal("seconds", settings.round().toMillis() / 1e3) * 1e3);
        settings = settings.withRounds(arguments.number("rounds", settings.rounds()), Duration.ofMillis(roundMillis));

        Outcome outcome = Comparison.run(settings, progress);
        Report report = new Report(outcome);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("result.txt"), report.table());
        Files.writeString(folder.resolve("result.json"), report.json() + "\n");
        out.println(report.table());
        out.println(report.json());
        if (arguments.has("smoke")) return Smoke.problems(outcome, progress) ? 3 : 0;
        if (arguments.has("check") && exceeds(outcome, arguments.decimal("check", 1), progress)) return 3;
        return outcome.complaints().isEmpty() ? 0 : 1;
    }

    private static boolean exceeds(Outcome outcome, double factor, PrintStream progress) {
        boolean exceeds = false;
        for (Map.Entry<Budget, Double> figure : outcome.budgeted().entrySet()) {
            double allowed = figure.getKey().limit() * factor;
            if (figure.getValue() <= allowed) continue;
            exceeds = true;
            progress.println("bench: %s: %.2f %s (allowed by --check: %.2f)"
                    .formatted(
                            figure.getKey().title(),
                            figure.getValue(),
                            figure.getKey().unit(),
                            allowed));
        }
        return exceeds;
    }
}
