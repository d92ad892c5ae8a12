package dev.sluice.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The machine that a run was made on.
 *
 * @param rivals versions of the proxies beside the gateway, by name
 */
public record Machine(
        String processor, int processors, long memoryMib, String kernel, String java, Map<String, String> rivals) {
    public Machine {
        rivals = new TreeMap<>(rivals);
    }

    public static Machine read(Map<String, String> rivals) throws IOException {
        return new Machine(
                field("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                processorCount(),
                Long.parseLong(field("/proc/meminfo", "MemTotal").orElse("0 kB").replaceAll("\\D", "")) / 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                rivals);
    }

    /** As lines of text. */
    public String describe() {
        StringBuilder out = new StringBuilder();
        out.append(
                processor + ", " + processors + " processors, " + memoryMib + " MiB, " + kernel + ", " + java + "\n");
        rivals.forEach((name, version) -> out.append(name + " " + version + "\n"));
        return out.toString();
    }

    /** All of the machine, not only those that this JVM may use. */
    static int processorCount() throws IOException {
        return (int) lines("/proc/cpuinfo").stream()
                .filter(line -> line.startsWith("processor"))
                .count();
    }

    static boolean hasTaskset() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "taskset")));
    }

    /** A port of 127.0.0.1 that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Optional<String> field(String file, String name) throws IOException {
        return lines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(Path.of(file));
    }

    /** What a command prints first. */
    static String firstLine(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(5, TimeUnit.SECONDS);
        return line.lines().findFirst().orElse("?");
    }
}
