package dev.sluice.simulator;

import java.util.List;
import java.util.function.Consumer;

/** The simulator as a program: reads arguments, starts, and says where it listens. The caller owns the output and the exit. */
public final class SimulatorServer {
    /** What the arguments are. */
    public static final String USAGE = """
            --port=NUMBER         port to listen on (default: 8900, 0 for any free one)
            --host=ADDRESS        address to listen on (default: 127.0.0.1)
            --event-loops=NUMBER  event loops that share the work (default: 1)
            --models=ID,ID,...    ids in the list of models; every other model is answered too
            --fault=DIRECTIVES    for every call, e.g. "ttft=200;tps=40"
            --journal=NUMBER      calls kept in the journal (default: 1000)
            """;

    private static final int USUAL_PORT = 8_900;

    private SimulatorServer() {}

    /**
     * Starts a simulator.
     *
     * @param announce gets the lines to show
     * @throws IllegalArgumentException when an argument is wrong; its message says how
     */
    public static Simulator start(List<String> arguments, Consumer<String> announce) {
        Simulator simulator = Simulator.start(options(arguments));
        announce.accept("simulated provider at " + simulator.url() + "/v1");
        announce.accept("journal at " + simulator.url() + Control.PREFIX + "journal");
        return simulator;
    }

    static SimulatorOptions options(List<String> arguments) {
        SimulatorOptions options = SimulatorOptions.USUAL.withPort(USUAL_PORT);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = equals < 0 ? "" : argument.substring(equals + 1);
            options = switch (name) {
                case "--port" -> options.withPort(number(argument, value));
                case "--host" -> options.withHost(value);
                case "--event-loops" -> options.withEventLoops(number(argument, value));
                case "--models" -> options.withModels(List.of(value.split(",")));
                case "--fault" -> options.withFault(value);
                case "--journal" -> options.withJournal(number(argument, value), options.journalBytes());
                default ->
                    throw new IllegalArgumentException("argument: " + argument + " (expected: one of\n" + USAGE + ")");
            };
        }
        return options;
    }

    private static int number(String argument, String value) {
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("argument: " + argument + " (expected: a whole number)");
        }
        return Integer.parseInt(value);
    }
}
