package dev.sluice.bench.soak;

import dev.sluice.bench.compare.Gateway;
import dev.sluice.bench.compare.LiveHeap;
import dev.sluice.bench.upstream.Upstream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** Looks at a gateway that has nothing to do. */
final class Watch {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Gateway gateway;
    private final Upstream upstream;
    private final Path work;
    private final long start = System.nanoTime();

    Watch(Gateway gateway, Upstream upstream, Path work) {
        this.gateway = gateway;
        this.upstream = upstream;
        this.work = work;
    }

    /** Gives calls whose clients have left some seconds to end, and tells what is there then. */
    Sample sample(long calls) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && !isAtRest()) Thread.sleep(50);
        long pid = gateway.process().javaPid();
        long heap = LiveHeap.bytes(pid, work);
        int handles = 0;
        int sockets = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path handle : open) {
                handles++;
                if (target(handle).startsWith("socket:")) sockets++;
            }
        }
        return new Sample(
                calls,
                (System.nanoTime() - start) / 1e9,
                gateway.process().residentBytes(),
                heap,
                handles,
                sockets,
                gauge("sluice_calls_in_flight"),
                gauge("sluice_reservations_in_flight"),
                gauge("sluice_request_bytes_buffered"),
                upstream.openStreams());
    }

    private boolean isAtRest() throws IOException, InterruptedException {
        return upstream.openStreams() == 0
                && gauge("sluice_calls_in_flight") == 0
                && gauge("sluice_reservations_in_flight") == 0;
    }

    private long gauge(String name) throws IOException, InterruptedException {
        return gateway.gauge(name).orElseThrow(() -> new IOException("/metrics of the gateway tells no " + name));
    }

    private static String target(Path handle) throws IOException {
        try {
            return Files.readSymbolicLink(handle).toString();
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
