package dev.sluice.upstreams;

import dev.sluice.settings.Tls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that services declare, read off the event loop, and read again when a file has changed. Connections that are open
 * keep what they were opened with. Used on one event loop.
 */
final class Certificates {
    private static final long LOOK_AGAIN_NANOS = 5_000_000_000L;
    private static final List<String> BOTH = List.of("h2", "http/1.1");
    private static final List<String> FIRST = List.of("http/1.1");
    /** Settings that nobody declares any more are dropped when there are more than this. */
    private static final int MOST = 1024;

    private final Vertx vertx;
    private final Map<Tls, Held> held = new HashMap<>();

    /** What was read for one setting. */
    private static final class Held {
        private @Nullable ClientSSLOptions options;
        private List<FileTime> times = List.of();
        private long lookedAtNanos;
        private @Nullable Future<ClientSSLOptions> reading;
    }

    private record Read(ClientSSLOptions options, List<FileTime> times) {}

    Certificates(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What to connect with; the same object as long as no file changes, so that connections are shared. */
    Future<ClientSSLOptions> of(Tls tls) {
        if (held.size() > MOST) held.clear();
        Held of = held.computeIfAbsent(tls, _ -> new Held());
        ClientSSLOptions known = of.options;
        long now = System.nanoTime();
        if (known != null
                && (now - of.lookedAtNanos < LOOK_AGAIN_NANOS || files(tls).isEmpty()))
            return Future.succeededFuture(known);
        Future<ClientSSLOptions> reading = of.reading;
        if (reading == null) {
            reading = read(tls, of, now);
            of.reading = reading;
            reading.onComplete(_ -> of.reading = null);
        }
        return known == null ? reading : Future.succeededFuture(known);
    }

    private Future<ClientSSLOptions> read(Tls tls, Held of, long now) {
        List<FileTime> before = of.times;
        ClientSSLOptions known = of.options;
        return vertx.executeBlocking(() -> read(tls, known, before), false).map(found -> {
            Read read = Objects.requireNonNull(found);
            of.lookedAtNanos = now;
            of.times = read.times();
            of.options = read.options();
            return read.options();
        });
    }

    private static Read read(Tls tls, @Nullable ClientSSLOptions known, List<FileTime> before) throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (String file : files(tls)) times.add(Files.getLastModifiedTime(Path.of(file)));
        if (known != null && times.equals(before)) return new Read(known, times);
        ClientSSLOptions options = new ClientSSLOptions()
                .setHostnameVerificationAlgorithm("HTTPS")
                .setUseAlpn(true)
                .setApplicationLayerProtocols(tls.http2() ? BOTH : FIRST);
        if (tls.caFile() != null) options.setTrustOptions(new PemTrustOptions().addCertValue(bytes(tls.caFile())));
        if (tls.certFile() != null && tls.keyFile() != null) {
            options.setKeyCertOptions(
                    new PemKeyCertOptions().addCertValue(bytes(tls.certFile())).addKeyValue(bytes(tls.keyFile())));
        }
        return new Read(options, times);
    }

    private static List<String> files(Tls tls) {
        List<String> files = new ArrayList<>(3);
        if (tls.caFile() != null) files.add(tls.caFile());
        if (tls.certFile() != null) files.add(tls.certFile());
        if (tls.keyFile() != null) files.add(tls.keyFile());
        return files;
    }

    private static Buffer bytes(String file) {
        try {
            return Buffer.buffer(Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
