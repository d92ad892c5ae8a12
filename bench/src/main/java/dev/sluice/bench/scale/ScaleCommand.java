package dev.sluice.bench.scale;

import dev.sluice.bench.cli.Arguments;
import dev.sluice.bench.compare.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The command {@code scale}: measures, prints the table and the line of JSON, and keeps both in a folder. */
public final class ScaleCommand {
    private static final Set<String> OPTIONS =
            Set.of("launcher", "work", "out", "proxy-cpu", "keys", "model-apis", "check");
    private static final Set<String> FLAGS = Set.of("short");

    private ScaleCommand() {}

    /** @return 1 if something could not be measured, 3 if a checked budget is exceeded */
    public static int run(List<String> words, PrintStream out, PrintStream progress)
            throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(words, OPTIONS, FLAGS);
        Path launcher = path(arguments, "launcher");
        Path work = path(arguments, "work");
        Path folder = path(arguments, "out");
        int proxyCpu = arguments.number("proxy-cpu", 0);
        Population population =
                new Population(arguments.number("keys", 100_000), arguments.number("model-apis", 10_000));
        Scale.Plan plan = arguments.has("short")
                ? new Scale.Plan(
                        launcher, work, proxyCpu, population, Duration.ofSeconds(6), 2, Duration.ofSeconds(2), 1, 6)
                : new Scale.Plan(
                        launcher, work, proxyCpu, population, Duration.ofSeconds(24), 5, Duration.ofSeconds(4), 3, 12);

        ScaleOutcome outcome = Scale.run(plan, progress);
        String table = ScaleReport.table(Machine.read(Map.of()), outcome);
        String json = ScaleReport.json(outcome);
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("scale.txt"), table);
        Files.writeString(folder.resolve("scale.json"), json + "\n");
        out.println(table);
        out.println(json);
        double factor = arguments.decimal("check", 1);
        if (arguments.has("check") && !outcome.figures().stream().allMatch(figure -> figure.isKept(factor))) return 3;
        return outcome.complaints().isEmpty() ? 0 : 1;
    }

    private static Path path(Arguments arguments, String name) {
        return Path.of(
                arguments.text(name).orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing")));
    }
}
