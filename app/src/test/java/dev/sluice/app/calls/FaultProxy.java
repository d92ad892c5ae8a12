package dev.sluice.app.calls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A wire that does its work badly: passes bytes on between two sides, and harms them on the way as it is told. */
final class FaultProxy implements AutoCloseable {
    private static final int CHUNK = 16 << 10;
    private static final byte[] NOTHING = {};

    private final ServerSocket server;
    private final int target;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Set<Harm> requests = Set.of();
    private volatile Set<Harm> answers = Set.of();

    /** What is done to the bytes of one direction. */
    sealed interface Harm {
        /** Every byte travels alone. */
        record Split() implements Harm {}

        /** What comes is held back until nothing more has come for a while, and then goes out in one piece. */
        record Coalesce(int quietMillis) implements Harm {}

        /** So many bytes at a time, with a wait between them. */
        record Drip(int bytes, int millis) implements Harm {}

        /** Both sides are reset once this point has passed. */
        record Reset(Point at) implements Harm {}

        /** Both sides are closed in good order once this point has passed. */
        record Truncate(Point at) implements Harm {}

        /** Nothing passes after this point any more, and nobody is told. */
        record Stall(Point at) implements Harm {}

        /** As a stall, but the sender gets rid of nothing either. */
        record Clog(Point at) implements Harm {}
    }

    /** A place in the bytes of one direction, counted from when the harm was asked for. */
    sealed interface Point {
        record AfterBytes(int count) implements Point {}

        record AfterText(String text) implements Point {}
    }

    /** Two sockets and what they still have to say to each other. */
    private final class Wire {
        final Socket client;
        final Socket upstream;

        Wire(Socket client, Socket upstream) {
            this.client = client;
            this.upstream = upstream;
        }

        void close() {
            wires.remove(this);
            for (Socket socket : new Socket[] {client, upstream}) {
                try {
                    socket.close();
                } catch (IOException _) {
                    // it is gone, which is what was wanted
                }
            }
        }

        void reset() {
            for (Socket socket : new Socket[] {client, upstream}) {
                try {
                    socket.setSoLinger(true, 0);
                } catch (IOException _) {
                    // closed already
                }
            }
            close();
        }
    }

    private FaultProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    /** A wire to a port of this machine that does no harm yet. */
    static FaultProxy to(int port) {
        try {
            FaultProxy proxy = new FaultProxy(new ServerSocket(0, 512, InetAddress.getLoopbackAddress()), port);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on what the client sends is harmed. */
    FaultProxy harmRequests(Harm harm) {
        requests = Set.of(harm);
        return this;
    }

    /** From now on what the client is sent is harmed. */
    FaultProxy harmAnswers(Harm harm) {
        answers = Set.of(harm);
        return this;
    }

    void harmNothing() {
        requests = Set.of();
        answers = Set.of();
    }

    /** Connections that are open. */
    int connections() {
        return wires.size();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        wires.forEach(Wire::close);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Socket upstream = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                Wire wire = new Wire(client, upstream);
                wires.add(wire);
                if (server.isClosed()) wire.close();
                Thread.ofVirtual().start(() -> pass(wire, client, upstream, true));
                Thread.ofVirtual().start(() -> pass(wire, upstream, client, false));
            } catch (IOException _) {
                // closed, or the target refuses: the client sees a connection that says nothing
            }
        }
    }

    private void pass(Wire wire, Socket from, Socket to, boolean isRequest) {
        byte[] chunk = new byte[CHUNK];
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        Set<Harm> known = Set.of();
        try {
            while (true) {
                int count;
                try {
                    count = from.getInputStream().read(chunk);
                } catch (SocketTimeoutException _) {
                    release(held, to);
                    from.setSoTimeout(0);
                    continue;
                }
                if (count < 0) break;
                Set<Harm> told = isRequest ? requests : answers;
                if (told != known) seen.reset();
                known = told;
                if (told.isEmpty()) {
                    to.getOutputStream().write(chunk, 0, count);
                } else if (!harmed(
                        wire,
                        from,
                        to,
                        Arrays.copyOf(chunk, count),
                        told.iterator().next(),
                        seen,
                        held)) {
                    return;
                }
            }
            release(held, to);
        } catch (IOException _) {
            // one side is gone, so the other goes as well
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        wire.close();
    }

    /** False once nothing may pass any more. */
    private boolean harmed(
            Wire wire,
            Socket from,
            Socket to,
            byte[] bytes,
            Harm harm,
            ByteArrayOutputStream seen,
            ByteArrayOutputStream held)
            throws IOException, InterruptedException {
        switch (harm) {
            case Harm.Split() -> pieces(to, bytes, 1, 0);
            case Harm.Drip(int size, int millis) -> pieces(to, bytes, size, millis);
            case Harm.Coalesce(int quietMillis) -> {
                held.write(bytes);
                from.setSoTimeout(quietMillis);
            }
            case Harm.Reset(Point at) -> {
                if (!passed(to, bytes, at, seen)) return true;
                wire.reset();
                return false;
            }
            case Harm.Truncate(Point at) -> {
                if (!passed(to, bytes, at, seen)) return true;
                wire.close();
                return false;
            }
            case Harm.Stall(Point at) -> {
                if (!passed(to, bytes, at, seen)) return true;
                // Whoever leaves is still noticed. What it said before is not.
                from.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                wire.close();
                return false;
            }
            case Harm.Clog(Point at) -> {
                if (!passed(to, bytes, at, seen)) return true;
                // Not even read, so that the sender gets rid of no more than its buffers hold.
                return false;
            }
        }
        return true;
    }

    /** Lets bytes through up to the point; true if it is reached. */
    private static boolean passed(Socket to, byte[] bytes, Point at, ByteArrayOutputStream seen) throws IOException {
        int before = seen.size();
        seen.write(bytes);
        int end = switch (at) {
            case Point.AfterBytes(int count) -> seen.size() >= count ? count : -1;
            case Point.AfterText(String text) -> {
                int found = seen.toString(StandardCharsets.ISO_8859_1).indexOf(text);
                yield found < 0 ? -1 : found + text.length();
            }
        };
        int allowed = end < 0 ? bytes.length : Math.max(0, end - before);
        to.getOutputStream().write(bytes, 0, allowed);
        return end >= 0;
    }

    private void pieces(Socket to, byte[] bytes, int size, int millis) throws IOException, InterruptedException {
        for (int i = 0; i < bytes.length; i += size) {
            to.getOutputStream().write(bytes, i, Math.min(size, bytes.length - i));
            if (millis > 0 && closed.await(millis, TimeUnit.MILLISECONDS)) return;
        }
    }

    private static void release(ByteArrayOutputStream held, Socket to) throws IOException {
        byte[] bytes = held.size() == 0 ? NOTHING : held.toByteArray();
        held.reset();
        to.getOutputStream().write(bytes);
    }
}
