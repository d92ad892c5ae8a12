package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What Linux tells about a process. A process that has ended has used nothing. */
final class Proc {
    /** Linux tells times in hundredths of a second on all of Java's platforms (USER_HZ). */
    private static final double TICKS_PER_SECOND = 100;

    private Proc() {}

    static double cpuSeconds(long pid) throws IOException {
        return ticks(read(pid, "stat")) / TICKS_PER_SECOND;
    }

    /** Of the threads of a process whose names begin so. */
    static double cpuSecondsOfThreads(long pid, String prefix) throws IOException {
        long ticks = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                try {
                    String stat = Files.readString(thread.resolve("stat"));
                    if (name(stat).startsWith(prefix)) ticks += ticks(stat);
                } catch (NoSuchFileException _) {
                    // Has ended meanwhile.
                }
            }
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** What stands in parentheses. */
    static String name(String stat) {
        int from = stat.indexOf('(');
        int to = stat.lastIndexOf(')');
        return from < 0 || to < from ? "" : stat.substring(from + 1, to);
    }

    static long residentKib(long pid) throws IOException {
        return residentKib(read(pid, "status"));
    }

    /** Processor time that was not idle, of all processors since the machine started, in seconds. */
    static double busySeconds() throws IOException {
        return busyTicks(Files.readString(Path.of("/proc/stat"))) / TICKS_PER_SECOND;
    }

    /** All columns of the first line but idle and waiting for I/O; time of guests is in user time already. */
    static long busyTicks(String stat) {
        String[] fields = stat.lines().findFirst().orElse("").split(" +");
        long ticks = 0;
        for (int i = 1; i < Math.min(fields.length, 9); i++) {
            if (i != 4 && i != 5) ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }

    /** User plus system time: fields 14 and 15 of stat, counted behind the name, which may hold blanks and parentheses. */
    static long ticks(String stat) {
        int name = stat.lastIndexOf(')');
        if (name < 0) return 0;
        String[] fields = stat.substring(name + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    static long residentKib(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static String read(long pid, String file) throws IOException {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
