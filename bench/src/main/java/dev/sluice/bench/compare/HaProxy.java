package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** HAProxy as a plain proxy: one thread, keep-alive on both sides, nothing held back, nothing logged. */
final class HaProxy {
    private HaProxy() {}

    static Rival.SetUp setUp(Rival.Site site) throws IOException, InterruptedException {
        Optional<Path> binary = Rival.program("haproxy");
        if (binary.isEmpty()) return new Rival.SetUp.Missing("is not installed");
        String program = binary.get().toString();
        Path file = site.work().resolve("haproxy.cfg");
        Files.writeString(file, configuration(site.upstreamPort(), site.port()));
        return new Rival.SetUp.Ready(
                version(Machine.firstLine(program, "-v")),
                // In the foreground, without a master.
                List.of(program, "-db", "-f", file.toString()),
                Map.of(),
                Map.of());
    }

    /** Of {@code HAProxy version 2.6.12-1+deb12u3 2025/10/03 - https://haproxy.org/} the third word. */
    static String version(String line) {
        String[] words = line.split(" ");
        return words.length > 2 ? words[2] : line;
    }

    private static String configuration(int upstreamPort, int port) {
        return """
            global
              nbthread 1
              maxconn 4000
            defaults
              mode http
              option http-keep-alive
              option http-no-delay
              timeout connect 5s
              timeout client 600s
              timeout server 600s
            frontend calls
              bind 127.0.0.1:%2$d backlog 4096
              default_backend provider
            backend provider
              http-reuse always
              http-request set-header Authorization "Bearer bench-provider-key"
              server mock 127.0.0.1:%1$d pool-purge-delay 600s
            """.formatted(upstreamPort, port);
    }
}
