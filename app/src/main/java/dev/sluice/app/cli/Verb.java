package dev.sluice.app.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands as they are typed: the first word after {@code sluice}. */
public enum Verb {
    RUN("Start the gateway."),
    DEMO("Start the gateway with simulated providers and a working set of settings; needs no vendor key."),
    APPLY("Make a running gateway match a declarative file."),
    EXPORT("Write the settings of a running gateway as a declarative file."),
    DOCTOR("Check this machine and the settings for what would keep the gateway from working."),
    TEST("Build everything and run all tests (in a source checkout; arguments go to Maven)."),
    BUILD("Build without starting (in a source checkout); make the start cache."),
    VERSION("Print the version."),
    HELP("Print this, or the flags of one command: sluice help run."),
    /** Run by the launcher after a build, to record what a start loads. */
    WARM_UP("");

    private final String summary;

    Verb(String summary) {
        this.summary = summary;
    }

    String summary() {
        return summary;
    }

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isListed() {
        return !summary.isEmpty();
    }

    /** Whether the launcher script does it, without this program. */
    boolean isOfTheLauncher() {
        return this == TEST || this == BUILD;
    }

    static Optional<Verb> ofWord(String word) {
        return Arrays.stream(values()).filter(verb -> verb.word().equals(word)).findFirst();
    }

    static List<Verb> listed() {
        return Arrays.stream(values()).filter(Verb::isListed).toList();
    }
}
