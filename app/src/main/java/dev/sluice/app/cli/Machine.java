package dev.sluice.app.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor must know of the machine.
 *
 * @param javaFeature the major version of Java
 * @param linux whether native sockets are to be expected
 * @param nativeSocketsProblem why native sockets do not load; null when they do
 * @param openFiles how many files and sockets the process may have open; -1 when the system does not say
 * @param configProblem why the declarative file cannot be read; null when it can or none is named
 * @param portProblem why the port of the data plane cannot be had; null when it can
 * @param adminPortProblem why the port of the control plane cannot be had; null when it can
 * @param now by the clock of the system
 */
record Machine(
        int javaFeature,
        boolean linux,
        @Nullable String nativeSocketsProblem,
        long openFiles,
        DataFolder data,
        @Nullable String configProblem,
        @Nullable String portProblem,
        @Nullable String adminPortProblem,
        Instant now) {

    /**
     * The data folder, or the nearest folder above it while it does not exist.
     *
     * @param problem why nothing can be written there; null when it can
     * @param usableBytes the space left on its file system
     * @param clockLead how far the clock of the file system is ahead of the machine's
     */
    record DataFolder(@Nullable String problem, long usableBytes, Duration clockLead) {}

    /** Looks. Writes and deletes one empty file in the data folder and opens each port for a moment. */
    static Machine probe(GatewayOptions options) {
        return new Machine(
                Runtime.version().feature(),
                System.getProperty("os.name", "").startsWith("Linux"),
                whyNoNativeSockets(),
                mostOpenFiles(),
                look(options.data()),
                whyUnreadable(options.config()),
                whyNotFree(options.host(), options.port()),
                whyNotFree(options.adminHost(), options.adminPort()),
                Instant.now());
    }

    private static @Nullable String whyNoNativeSockets() {
        if (Epoll.isAvailable()) return null;
        @Nullable Throwable cause = Epoll.unavailabilityCause();
        while (cause != null && cause.getCause() != null) cause = cause.getCause();
        return cause == null ? "no reason given" : said(cause);
    }

    private static long mostOpenFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : -1;
    }

    private static DataFolder look(Path data) {
        Path folder = data.toAbsolutePath().normalize();
        while (!Files.exists(folder) && folder.getParent() != null) folder = folder.getParent();
        long usable = 0;
        try {
            usable = Files.getFileStore(folder).getUsableSpace();
            if (!Files.isDirectory(folder)) {
                return new DataFolder(folder + " is a file (expected: a folder)", usable, Duration.ZERO);
            }
            Path trial = Files.createTempFile(folder, ".sluice-doctor", null);
            try {
                Duration lead = Duration.between(
                        Instant.now(), Files.getLastModifiedTime(trial).toInstant());
                return new DataFolder(null, usable, lead);
            } finally {
                Files.deleteIfExists(trial);
            }
        } catch (IOException e) {
            return new DataFolder("nothing can be written in " + folder + ": " + said(e), usable, Duration.ZERO);
        }
    }

    private static @Nullable String whyUnreadable(@Nullable Path config) {
        if (config == null || Files.isReadable(config)) return null;
        return config + (Files.exists(config) ? " cannot be read by this user" : " does not exist");
    }

    private static @Nullable String whyNotFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the gateway does: a port left by a process that just ended counts as free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return null;
        } catch (IOException e) {
            return said(e);
        }
    }

    private static String said(Throwable problem) {
        return problem.getClass().getSimpleName() + ": "
                + Objects.requireNonNullElse(problem.getMessage(), "no message");
    }
}
