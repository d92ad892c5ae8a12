package dev.sluice.bench.soak;

import dev.sluice.bench.cli.Arguments;
import dev.sluice.bench.compare.Gateway;
import dev.sluice.bench.upstream.Upstream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The command {@code soak}: many mixed calls over one gateway, told as a table; fails if the gateway grows. */
public final class SoakCommand {
    private static final Set<String> OPTIONS =
            Set.of("launcher", "work", "out", "calls", "connections", "samples", "seed");
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration METERED = Duration.ofSeconds(60);

    private SoakCommand() {}

    /** @return 3 if something grew, got stuck or was not as its client had to see it */
    public static int run(List<String> words, PrintStream out, PrintStream progress)
            throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(words, OPTIONS, Set.of());
        Path launcher = Path.of(
                arguments.text("launcher").orElseThrow(() -> new IllegalArgumentException("--launcher is missing")));
        Path work =
                Path.of(arguments.text("work").orElseThrow(() -> new IllegalArgumentException("--work is missing")));
        long calls = arguments.number("calls", 200_000);
        int parts = arguments.number("samples", 20);
        if (calls < parts || parts < 3) {
            throw new IllegalArgumentException("--calls " + calls + " in " + parts + " parts (expected: at least 3)");
        }
        int seed = arguments.number("seed", 1);
        StringBuilder report = new StringBuilder();
        List<String> complaints = new ArrayList<>();
        try (Upstream upstream = Upstream.start(0);
                Gateway gateway = Gateway.start(launcher, work, "soak", "", upstream.port());
                Traffic traffic = new Traffic(gateway.target(), arguments.number("connections", 64), seed)) {
            awaitStart(gateway);
            Watch watch = new Watch(gateway, upstream, work);
            List<Sample> samples = new ArrayList<>();
            progress.print(Sample.HEAD);
            report.append(Sample.HEAD);
            long done = 0;
            for (int part = 1; part <= parts; part++) {
                long until = calls * part / parts;
                traffic.run(until - done);
                done = until;
                if (!gateway.process().isAlive()) throw new IOException("the gateway ended: " + lastWords(gateway));
                Sample sample = watch.sample(done);
                samples.add(sample);
                progress.print(sample.row());
                report.append(sample.row());
            }
            complaints.addAll(Verdict.complaints(samples));
            if (traffic.unexpected() > 0) {
                complaints.add(traffic.unexpected() + " calls did not see what they had to; the first: "
                        + traffic.complaint().orElse(""));
            }
            report.append("by kind: ").append(traffic.ended()).append('\n');
            meter(gateway, traffic.ended(), report, complaints);
        }
        report.append(complaints.isEmpty() ? "flat" : String.join("\n", complaints))
                .append('\n');
        out.print(report);
        keep(arguments, report.toString());
        return complaints.isEmpty() ? 0 : 3;
    }

    /** Every call that got an answer is in the usage statistics, and none twice. */
    private static void meter(Gateway gateway, Map<Errand, Long> ended, StringBuilder report, List<String> complaints)
            throws InterruptedException {
        long begun = 0;
        long answered = 0;
        for (Map.Entry<Errand, Long> entry : ended.entrySet()) {
            begun += entry.getValue();
            if (entry.getKey().leaving() != Errand.Leaving.AT_ONCE) answered += entry.getValue();
        }
        long metered = 0;
        long deadline = System.nanoTime() + METERED.toNanos();
        while (metered < answered && System.nanoTime() < deadline) {
            OptionalLong now = gateway.meteredCalls();
            if (now.isPresent()) metered = now.getAsLong();
            Thread.sleep(200);
        }
        report.append("answered ")
                .append(answered)
                .append(", in the usage statistics ")
                .append(metered)
                .append(" (left before the answer: ")
                .append(begun - answered)
                .append(")\n");
        if (metered < answered) complaints.add("calls are missing in the usage statistics");
        if (metered > begun) complaints.add("calls are twice in the usage statistics");
    }

    private static void awaitStart(Gateway gateway) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (gateway.gauge("sluice_calls_in_flight").isEmpty()) {
            if (!gateway.process().isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the gateway does not start: " + lastWords(gateway));
            }
            Thread.sleep(50);
        }
    }

    private static String lastWords(Gateway gateway) throws IOException {
        return gateway.process().lastWords();
    }

    private static void keep(Arguments arguments, String report) throws IOException {
        if (arguments.text("out").isEmpty()) return;
        Path folder = Path.of(arguments.text("out").get());
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("soak.txt"), report);
    }
}
