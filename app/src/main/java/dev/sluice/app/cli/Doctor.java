package dev.sluice.app.cli;

import static dev.sluice.app.cli.Finding.fail;
import static dev.sluice.app.cli.Finding.ok;
import static dev.sluice.app.cli.Finding.warn;

import dev.sluice.app.cli.Finding.Level;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what on this machine would keep the gateway from working, and what to do about it. */
public final class Doctor {
    private static final int LEAST_JAVA = 25;
    private static final long FEW_OPEN_FILES = 16_384;
    private static final long LITTLE_SPACE = 1L << 30;
    private static final long NO_SPACE = 100L << 20;
    private static final int SHORT_SECRET = 16;
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);
    /** Older than this software: a clock that says so is wrong. */
    private static final Instant EARLIEST = Instant.parse("2026-11-01T00:00:00Z");

    private Doctor() {}

    /**
     * Looks at this machine and prints what was found.
     *
     * @return the exit code: 0, or 1 when something would keep the gateway from working
     */
    public static int examine(GatewayOptions options, PrintStream out) {
        List<Finding> findings = findings(options, Machine.probe(options));
        out.print(table(findings));
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL) ? 1 : 0;
    }

    static List<Finding> findings(GatewayOptions options, Machine machine) {
        List<Finding> findings = new ArrayList<>();
        findings.add(java(machine));
        findings.add(sockets(machine));
        findings.add(openFiles(machine));
        findings.add(data(options, machine));
        if (machine.data().problem() == null) findings.add(space(machine));
        findings.add(config(options, machine));
        findings.add(port("port", "--port", options.host(), options.port(), machine.portProblem()));
        findings.add(port(
                "admin port", "--admin-port", options.adminHost(), options.adminPort(), machine.adminPortProblem()));
        findings.add(adminToken(options.adminToken()));
        findings.add(masterKey(options.masterKey()));
        findings.add(clock(machine));
        return findings;
    }

    static String table(List<Finding> findings) {
        int width = findings.stream()
                .mapToInt(finding -> finding.subject().length())
                .max()
                .orElse(0);
        StringBuilder table = new StringBuilder();
        for (Finding finding : findings) {
            table.append(finding.level()).repeat(" ", 6 - finding.level().name().length());
            table.append(finding.subject())
                    .repeat(" ", width + 2 - finding.subject().length());
            table.append(finding.observation()).append('\n');
        }
        return table.toString();
    }

    private static Finding java(Machine machine) {
        int feature = machine.javaFeature();
        if (feature >= LEAST_JAVA) return ok("java", "Java " + feature);
        return fail("java", "Java " + feature + " (expected: " + LEAST_JAVA + " or newer); set JAVA_HOME to one");
    }

    private static Finding sockets(Machine machine) {
        @Nullable String problem = machine.nativeSocketsProblem();
        if (problem == null) return ok("sockets", "native (epoll)");
        if (!machine.linux()) return ok("sockets", "of the JDK, as always on this system; Linux has faster ones");
        return warn(
                "sockets",
                "of the JDK, because the native ones do not load (" + problem
                        + "); calls cost more CPU. Often java.io.tmpdir forbids execution: set SLUICE_JAVA_OPTS"
                        + "=-Djava.io.tmpdir=FOLDER");
    }

    private static Finding openFiles(Machine machine) {
        long most = machine.openFiles();
        if (most < 0) return ok("open files", "limit unknown on this system");
        if (most >= FEW_OPEN_FILES) return ok("open files", "up to " + most);
        return warn(
                "open files",
                "up to " + most
                        + ": each call in flight takes two; raise it (ulimit -n 65536, or LimitNOFILE of systemd)");
    }

    private static Finding data(GatewayOptions options, Machine machine) {
        @Nullable String problem = machine.data().problem();
        if (problem == null) return ok("data folder", options.data() + " can be written");
        return fail("data folder", problem + "; give this user the right, or name another folder with --data");
    }

    private static Finding space(Machine machine) {
        long bytes = machine.data().usableBytes();
        String left = (bytes >> 20) + " MiB left for the data folder";
        if (bytes >= LITTLE_SPACE) return ok("disk space", left);
        String advice = left + "; make room, or move the folder with --data";
        return bytes < NO_SPACE ? fail("disk space", advice) : warn("disk space", advice);
    }

    private static Finding config(GatewayOptions options, Machine machine) {
        @Nullable String problem = machine.configProblem();
        if (problem != null) return fail("config", problem + "; correct --config");
        if (options.config() == null) return ok("config", "no file; settings are made in the console or with apply");
        return ok("config", options.config() + " can be read");
    }

    private static Finding port(String subject, String flag, String host, int port, @Nullable String problem) {
        String address = host + ":" + port;
        if (problem == null) return ok(subject, port == 0 ? "any free one on " + host : address + " is free");
        return fail(
                subject,
                address + " cannot be had (" + problem
                        + "); if this gateway is running already all is well, else choose " + "another with " + flag);
    }

    private static Finding adminToken(@Nullable Redacted token) {
        if (token == null) {
            return warn("admin token", "none: one is generated and printed once; set SLUICE_ADMIN_TOKEN to choose it");
        }
        int length = token.value().length();
        if (length >= SHORT_SECRET) return ok("admin token", "set, " + length + " characters");
        return warn(
                "admin token", "only " + length + " characters; make SLUICE_ADMIN_TOKEN longer (openssl rand -hex 32)");
    }

    private static Finding masterKey(@Nullable Redacted key) {
        if (key == null) {
            return warn(
                    "master key",
                    "none: one is kept beside the secrets that it encrypts; set SLUICE_MASTER_KEY to keep it elsewhere");
        }
        int length = key.value().length();
        if (length >= SHORT_SECRET) return ok("master key", "set, " + length + " characters");
        return warn(
                "master key", "only " + length + " characters; make SLUICE_MASTER_KEY longer (openssl rand -hex 32)");
    }

    private static Finding clock(Machine machine) {
        if (machine.now().isBefore(EARLIEST)) {
            return fail(
                    "clock",
                    "says " + machine.now() + ", before this version was made; set it, for expiry and usage go by it");
        }
        Duration lead = machine.data().clockLead();
        if (lead.abs().compareTo(CLOCK_TOLERANCE) > 0) {
            return warn(
                    "clock",
                    "the file system of the data folder differs by " + lead.toSeconds()
                            + " s; synchronise both (chrony, ntp)");
        }
        return ok("clock", machine.now().toString());
    }
}
