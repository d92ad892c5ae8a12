package dev.sluice.app.fire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private GatewayProcess(Process process, String url, String adminUrl) {
        this.process = process;
        this.url = url;
        this.adminUrl = adminUrl;
    }

    /** Starts a gateway and waits until it serves. */
    static GatewayProcess start(Path config, Path data) throws IOException {
        return start(config, data, 0);
    }

    /** @param graceMillis how long it still accepts when it is stopped */
    static GatewayProcess start(Path config, Path data, int graceMillis) throws IOException {
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
                        Main.class.getName(),
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
                        "off",
                        "--drain-grace-ms",
                        Integer.toString(graceMillis),
                        "--drain-ms",
                        "10000")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("SLUICE_ADMIN_TOKEN", ADMIN_TOKEN);
        Process process = builder.start();
        boolean served = false;
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
            List<String> said = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                Matcher announced = ANNOUNCED.matcher(line);
                if (!announced.find()) continue;
                served = true;
                Thread.ofVirtual().start(() -> discard(lines));
                return new GatewayProcess(process, announced.group(1), announced.group(2));
            }
            throw new AssertionError("the gateway does not start: " + String.join("\n", said));
        } finally {
            if (!served) process.destroyForcibly();
        }
    }

    /** A full pipe would hold the gateway up. */
    private static void discard(BufferedReader lines) {
        try (lines) {
            while (lines.readLine() != null) {
                // What it logs is of no interest here.
            }
        } catch (IOException _) {
            // The process has ended.
        }
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
