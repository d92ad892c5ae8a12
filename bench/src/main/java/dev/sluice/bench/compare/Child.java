package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process under test, with what it starts itself. Its number is noted in {@code pids} of the work folder before anything
 * else, so that the start script can end it if this JVM is killed.
 */
public final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long KIB = 1024;

    private final String name;
    private final Process process;
    private final Path log;

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a command with its output in a log of the work folder.
     *
     * @param cpus processors as taskset takes them; empty = all
     */
    static Child start(String name, Path work, String cpus, List<String> command, Map<String, String> environment)
            throws IOException {
        List<String> words = new ArrayList<>();
        if (!cpus.isEmpty() && Machine.hasTaskset()) words.addAll(List.of("taskset", "-c", cpus));
        words.addAll(command);
        Path log = work.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        builder.environment().putAll(environment);
        Child child = new Child(name, builder.start(), log);
        Files.writeString(
                work.resolve("pids"), child.process.pid() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(child::kill));
        return child;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** User and system time since the start, in seconds. */
    public double cpuSeconds() throws IOException {
        double sum = 0;
        for (ProcessHandle each : family()) sum += Proc.cpuSeconds(each.pid());
        return sum;
    }

    /** As {@link #cpuSeconds()}, of the threads whose names begin so. Linux knows no more than 15 characters of a name. */
    public double cpuSeconds(String threads) throws IOException {
        return Proc.cpuSecondsOfThreads(javaPid(), threads);
    }

    /** Resident memory in bytes. */
    public long residentBytes() throws IOException {
        long sum = 0;
        for (ProcessHandle each : family()) sum += Proc.residentKib(each.pid()) * KIB;
        return sum;
    }

    /** The process that runs Java: this one, or one that a wrapping script started. */
    public long javaPid() {
        return family().stream()
                .filter(each ->
                        each.info().command().map(c -> c.endsWith("/java")).orElse(false))
                .findFirst()
                .map(ProcessHandle::pid)
                .orElse(process.pid());
    }

    /** The end of what it has printed. */
    public String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    @Override
    public void close() {
        List<ProcessHandle> family = family();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) kill();
        } catch (InterruptedException _) {
            kill();
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String toString() {
        return name + " (process " + process.pid() + ")";
    }

    private void kill() {
        List<ProcessHandle> family = family();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }
}
