package dev.sluice.bench;

import dev.sluice.bench.cli.Arguments;
import dev.sluice.bench.compare.ComparisonCommand;
import dev.sluice.bench.load.LoadCommand;
import dev.sluice.bench.scale.ScaleCommand;
import dev.sluice.bench.soak.SoakCommand;
import dev.sluice.bench.upstream.Upstream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/** The commands behind {@code bench/run}. */
public final class Main {
    private static final String USAGE = """
            bench/run [--short] [options]     compares the gateway with others; bench/run --help tells the options
            bench/run load --port N [options] puts load on anything that speaks OpenAI chat completions
            bench/run upstream [--port 9000]  serves as the mock provider until it is interrupted
            bench/run scale [--short]         100,000 keys and 10,000 Model APIs beside one of each
            bench/run soak [--calls N]        mixed calls over a gateway, watched for growth
            bench/run micro [JMH options]     micro-benchmarks of the wire formats""";

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    static int run(List<String> words, PrintStream out, PrintStream progress) {
        String command = words.isEmpty() ? "" : words.getFirst();
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        try {
            return switch (command) {
                case "compare" -> ComparisonCommand.run(rest, out, progress);
                case "scale" -> ScaleCommand.run(rest, out, progress);
                case "soak" -> SoakCommand.run(rest, out, progress);
                case "load" -> LoadCommand.run(rest, out);
                case "upstream" -> serve(rest, out);
                default -> {
                    progress.println(USAGE);
                    yield 2;
                }
            };
        } catch (IllegalArgumentException e) {
            progress.println("bench: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            progress.println("bench: " + e.getMessage());
            return 1;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private static int serve(List<String> words, PrintStream out) throws IOException, InterruptedException {
        Arguments arguments = Arguments.parse(words, Set.of("port"), Set.of());
        try (Upstream upstream = Upstream.start(arguments.number("port", 9000))) {
            out.println("mock provider on http://127.0.0.1:" + upstream.port() + "/v1");
            upstream.join();
        }
        return 0;
    }
}
