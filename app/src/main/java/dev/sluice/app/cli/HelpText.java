package dev.sluice.app.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table of settings as a person reads it: in the terminal and as the page of settings. */
public final class HelpText {
    private HelpText() {}

    /** The help of one command, or of all when none is named. */
    public static String of(@Nullable Verb topic) {
        return topic == null || topic == Verb.HELP ? overview() : ofCommand(topic);
    }

    private static String overview() {
        return """
                Sluice, an AI gateway: one address to call, route, secure, limit, meter and observe every large model.

                Usage: sluice COMMAND [FLAGS]

                Commands:
                %s
                Flags of a command: sluice help COMMAND. A flag may also be given as an environment variable.
                """.formatted(Verb.listed().stream()
                .map(verb -> "  %-9s %s%n".formatted(verb.word(), verb.summary()))
                .collect(Collectors.joining()));
    }

    private static String ofCommand(Verb verb) {
        List<Option> options = Option.of(verb);
        StringBuilder text = new StringBuilder();
        text.append(verb.summary()).append("\n\nUsage: sluice ").append(verb.word());
        if (verb == Verb.APPLY) text.append(" -f PATH");
        if (verb == Verb.TEST || verb == Verb.BUILD) text.append(" [MAVEN ARGUMENTS]");
        text.append(options.isEmpty() ? "\n" : " [FLAGS]\n");
        List<Option> flags =
                options.stream().filter(option -> option.flag().isPresent()).toList();
        List<Option> variables =
                options.stream().filter(option -> option.flag().isEmpty()).toList();
        if (!flags.isEmpty()) text.append("\nFlags (each may be set by the variable in brackets; the flag wins):\n");
        for (Option option : flags) {
            text.append("  ")
                    .append(option.spellings().collect(Collectors.joining(", ")))
                    .append(
                            option.form() == Form.SWITCH
                                    ? ""
                                    : " " + option.form().placeholder())
                    .append(option.variable().map(name -> "  [" + name + "]").orElse(""))
                    .append('\n');
            describe(option, text);
        }
        if (!variables.isEmpty()) text.append("\nOnly in the environment:\n");
        for (Option option : variables) {
            text.append("  ").append(option.variable().orElseThrow()).append('\n');
            describe(option, text);
        }
        return text.toString();
    }

    private static void describe(Option option, StringBuilder text) {
        text.append("      ").append(option.meaning());
        text.append("\n      Default: ").append(option.fallback()).append('\n');
    }

    /** The tables of {@code docs/settings.md}. */
    static String markdown() {
        StringBuilder page = new StringBuilder();
        for (Option.Group group : Option.Group.values()) {
            page.append("## Settings of ").append(group.title()).append("\n\n");
            page.append("| Flag | Environment | Value | Default | Meaning |\n|---|---|---|---|---|\n");
            for (Option option : Option.values()) {
                if (option.group() == group) page.append(row(option));
            }
            page.append('\n');
        }
        return page.toString();
    }

    private static String row(Option option) {
        return "| %s | %s | %s | %s | %s |%n"
                .formatted(
                        option.flag().map(HelpText::code).orElse("–"),
                        option.variable().map(HelpText::code).orElse("–"),
                        option.form().expected() + (option.isSecret() ? "; never printed" : ""),
                        option.fallback(),
                        option.meaning());
    }

    private static String code(String word) {
        return "`" + word + "`";
    }
}
