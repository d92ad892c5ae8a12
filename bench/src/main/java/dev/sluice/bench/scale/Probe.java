package dev.sluice.bench.scale;

import dev.sluice.bench.http.AnswerReader;
import dev.sluice.bench.load.Call;
import dev.sluice.bench.load.Target;
import dev.sluice.bench.upstream.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Calls the watched Model API all the time, on a thread of its own, and tells when a change was first seen. */
final class Probe implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(4);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(10);

    private final Target target;
    private final Upstream other;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition seen = lock.newCondition();
    private @Nullable Change expected;
    private long seenAt;
    private volatile @Nullable String problem;
    private volatile boolean closed;

    /**
     * What a call saw.
     *
     * @param byOther whether the service answered to which the route is changed
     */
    record Seen(int status, boolean byOther) {}

    private Probe(Target target, Upstream other) {
        this.target = target;
        this.other = other;
        thread = Thread.ofPlatform().name("probe").daemon().unstarted(this::run);
    }

    /** @param other behind the service to which the route is changed; nobody else calls it */
    static Probe start(Target target, Upstream other) {
        Probe probe = new Probe(target, other);
        probe.thread.start();
        return probe;
    }

    /** To be told before the change is asked for. */
    void expect(Change change) {
        lock.lock();
        try {
            expected = change;
            seenAt = 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * When the first call that saw what is expected was answered, in nanoseconds of {@link System#nanoTime}.
     *
     * @throws IOException when none did in time
     */
    long await(Duration limit) throws IOException, InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (seenAt == 0 && left > 0 && problem == null) left = seen.awaitNanos(left);
            if (problem != null) throw new IOException(problem);
            if (seenAt == 0) throw new IOException("not seen within " + limit.toSeconds() + " s: " + expected);
            return seenAt;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        byte[] request = new Call.Whole().request(target);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) LONGEST_CALL.toMillis());
            while (!closed) {
                look(call(socket, request), System.nanoTime());
                LockSupport.parkNanos(BETWEEN.toNanos());
            }
        } catch (IOException e) {
            fail("the call that watches for changes failed: " + e);
        }
    }

    private Seen call(Socket socket, byte[] request) throws IOException {
        long before = other.calls();
        socket.getOutputStream().write(request);
        InputStream in = socket.getInputStream();
        AnswerReader answer = new AnswerReader();
        byte[] bytes = new byte[16 * 1024];
        while (!answer.isComplete() && !answer.isBroken()) {
            int length = in.read(bytes);
            if (length < 0) answer.close();
            else answer.read(bytes, 0, length);
        }
        if (answer.isBroken()) throw new IOException("the connection ended after " + answer.describe());
        return new Seen(answer.status(), other.calls() > before);
    }

    private void look(Seen call, long now) {
        lock.lock();
        try {
            if (expected == null || seenAt != 0 || !expected.isSeenIn(call)) return;
            seenAt = now;
            seen.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail(String what) {
        lock.lock();
        try {
            problem = what;
            seen.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
