package dev.sluice.app.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the command line and the environment into a {@link Command}; all problems are found in one go. */
public final class CommandLine {
    private CommandLine() {}

    /**
     * Reads the arguments.
     *
     * @param environment the variables of the process
     * @param cores how many event loops there are when nobody says
     */
    public static Parsed parse(List<String> arguments, Map<String, String> environment, int cores) {
        if (arguments.isEmpty()) return new Parsed.Accepted(new Command.Help(null));
        String word = arguments.getFirst();
        List<String> rest = arguments.subList(1, arguments.size());
        if (isHelp(word)) return help(rest);
        if (word.equals("--version") || word.equals("-V")) return new Parsed.Accepted(new Command.Version());
        Optional<Verb> verb = Verb.ofWord(word);
        if (verb.isEmpty()) return refuse(unknownCommand(word));
        if (verb.get() != Verb.HELP && rest.stream().anyMatch(CommandLine::isHelp)) {
            return new Parsed.Accepted(new Command.Help(verb.get()));
        }
        return switch (verb.get()) {
            case HELP -> help(rest);
            case VERSION -> bare(rest, Verb.VERSION, new Command.Version());
            case WARM_UP -> bare(rest, Verb.WARM_UP, new Command.WarmUp());
            case TEST, BUILD ->
                refuse("\"" + word + "\" is done by the launcher: run ./sluice " + word + " in a source checkout");
            case RUN, DEMO, APPLY, EXPORT, DOCTOR -> withOptions(verb.get(), rest, environment, cores);
        };
    }

    private static Parsed withOptions(Verb verb, List<String> arguments, Map<String, String> environment, int cores) {
        OptionValues values = OptionValues.read(verb, arguments, new Environment(environment));
        Command command = switch (verb) {
            case RUN -> new Command.Run(values.gateway(cores));
            case DEMO -> new Command.Demo(values.gateway(cores));
            case DOCTOR -> new Command.Doctor(values.gateway(cores));
            case APPLY -> values.apply();
            case EXPORT -> values.export();
            case TEST, BUILD, VERSION, HELP, WARM_UP ->
                throw new IllegalArgumentException("verb: " + verb + " (expected: one with options)");
        };
        return values.problems().isEmpty() ? new Parsed.Accepted(command) : new Parsed.Refused(values.problems());
    }

    private static Parsed help(List<String> words) {
        List<String> topics = words.stream().filter(word -> !isHelp(word)).toList();
        if (topics.isEmpty()) return new Parsed.Accepted(new Command.Help(null));
        if (topics.size() > 1) return refuse("help takes one command: got " + topics.size());
        Optional<Verb> topic = Verb.ofWord(topics.getFirst());
        if (topic.isEmpty()) return refuse(unknownCommand(topics.getFirst()));
        return new Parsed.Accepted(new Command.Help(topic.get()));
    }

    private static Parsed bare(List<String> rest, Verb verb, Command command) {
        if (rest.isEmpty()) return new Parsed.Accepted(command);
        return refuse("unexpected argument \"" + OptionValues.nameOf(rest.getFirst()) + "\" (" + verb.word()
                + " takes none)");
    }

    private static boolean isHelp(String word) {
        return word.equals("--help") || word.equals("-h");
    }

    private static String unknownCommand(String word) {
        List<String> known = Verb.listed().stream().map(Verb::word).toList();
        return "unknown command \"" + OptionValues.nameOf(word) + "\""
                + Nearest.to(word, known)
                        .map(near -> "; did you mean \"" + near + "\"?")
                        .orElse(" (expected one of: " + String.join(", ", known) + ")");
    }

    private static Parsed refuse(String problem) {
        return new Parsed.Refused(List.of(problem));
    }
}
