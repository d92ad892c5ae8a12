package dev.sluice.app.fire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, as {@code ./sluice run} starts it, so that it can be killed. */
final class GatewayProcess implements AutoCloseable {
    static final String ADMIN_TOKEN = "sat-of-the-kill-test";

    private static final Pattern ANNOUNCED =
            Pattern.compile("Sluice serves Model APIs on (\\S+) and the admin API on (\\S+)");

    private final Process process;
    private final String url;
    private final String adminUrl;
    private final Queue<String> log;

    private GatewayProcess(Process process, String url, String adminUrl, Queue<String> log) {
        this.process = process;
        this.url = url;
        this.adminUrl = adminUrl;
        this.log = log;
    }

    /** Starts a gateway and waits until it serves. */
    static GatewayProcess start(Path config, Path data) throws IOException {
        return start(config, data, 0);
    }

    /** @param graceMillis how long it still accepts when it is stopped */
    static GatewayProcess start(Path config, Path data, int graceMillis) throws IOException {
        return start(Main.class, "", config, data, graceMillis, "off");
    }

    /**
     * Starts a gateway on a {@link NarrowDisk}.
     *
     * @param bytes the longest file that it can write, see {@link #diskTakes}
     * @param accessLog file of the access log
     */
    static GatewayProcess onNarrowDisk(long bytes, Path config, Path data, Path accessLog) throws IOException {
        return start(NarrowDisk.class, bytes + "\n", config, data, 0, accessLog.toString());
    }

    private static GatewayProcess start(
            Class<?> main, String told, Path config, Path data, int graceMillis, String accessLog) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        "run",
                        "--config",
                        config.toString(),
                        "--data",
                        data.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        "0",
                        "--admin-port",
                        "0",
                        "--access-log",
                        accessLog,
                        "--drain-grace-ms",
                        Integer.toString(graceMillis),
                        "--drain-ms",
                        "10000")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("SLUICE_ADMIN_TOKEN", ADMIN_TOKEN);
        Process process = builder.start();
        boolean served = false;
        try {
            tell(process, told);
            BufferedReader lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
            Queue<String> said = new ConcurrentLinkedQueue<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                Matcher announced = ANNOUNCED.matcher(line);
                if (!announced.find()) continue;
                served = true;
                Thread.ofVirtual().start(() -> drain(lines, said));
                return new GatewayProcess(process, announced.group(1), announced.group(2), said);
            }
            throw new AssertionError("the gateway does not start: " + String.join("\n", said));
        } finally {
            if (!served) process.destroyForcibly();
        }
    }

    private static void tell(Process process, String text) throws IOException {
        process.getOutputStream().write(text.getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    /** A full pipe would hold the gateway up. */
    private static void drain(BufferedReader lines, Queue<String> said) {
        try (lines) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) said.add(line);
        } catch (IOException _) {
            // The process has ended.
        }
    }

    /**
     * Only of a gateway that was started with {@link #onNarrowDisk}: changes what its disk takes, a moment later.
     *
     * @param bytes longest file that it can write; 0 = nothing, -1 = all
     */
    void diskTakes(long bytes) throws IOException {
        tell(process, bytes + "\n");
    }

    /** What it has logged so far. */
    List<String> log() {
        return List.copyOf(log);
    }

    String url() {
        return url;
    }

    String adminUrl() {
        return adminUrl;
    }

    /** As {@code kill -9}: the process does nothing more. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** As an operator asks it to end; it may take its time. */
    void askToStop() {
        process.toHandle().destroy();
    }

    /** As an operator stops it. */
    void stop() throws InterruptedException {
        askToStop();
        if (!process.waitFor(30, TimeUnit.SECONDS)) throw new AssertionError("the gateway does not stop");
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
    }
}
