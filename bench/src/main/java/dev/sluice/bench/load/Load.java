package dev.sluice.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Runs one {@link LoadPlan} on the calling thread.
 *
 * <p>At a constant rate, call number n is due at start + n / rate, and its latency counts from then, also if no connection was
 * free: a target that stalls is charged for every call that it kept waiting. The selector's timer has a grain of a
 * millisecond, so the last part of a wait polls and yields the processor between two polls.
 */
public final class Load {
    private static final int READ_BYTES = 256 * 1024;
    private static final long MILLISECOND = 1_000_000;

    private final LoadPlan plan;
    private final ByteBuffer[] requests;
    private final Tally tally;
    private final Selector selector;
    private final List<Line> lines = new ArrayList<>();
    private final Deque<Line> idle = new ArrayDeque<>();
    private final ByteBuffer direct = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] received = new byte[READ_BYTES];

    private final long start;
    private final long end;
    private final long total;
    private long begun;

    private Load(LoadPlan plan, Selector selector) throws IOException {
        this.plan = plan;
        this.selector = selector;
        tally = new Tally(plan.call());
        requests = requests(plan);
        Target target = plan.targets().getFirst();
        for (int i = 0; i < plan.connections(); i++) lines.add(new Line(target, selector));
        idle.addAll(lines);
        total = switch (plan.pace()) {
            case Pace.ClosedLoop() -> Long.MAX_VALUE;
            case Pace.Constant(int rate) -> Math.max(1, plan.duration().toMillis() * rate / 1000);
        };
        start = System.nanoTime();
        end = start + plan.duration().toNanos();
    }

    /** The bytes of a call to each target, in one piece of memory. */
    private static ByteBuffer[] requests(LoadPlan plan) {
        List<byte[]> all = plan.targets().stream().map(plan.call()::request).toList();
        ByteBuffer memory = ByteBuffer.allocateDirect(
                all.stream().mapToInt(bytes -> bytes.length).sum());
        ByteBuffer[] requests = new ByteBuffer[all.size()];
        for (int i = 0; i < requests.length; i++) {
            int from = memory.position();
            memory.put(all.get(i));
            requests[i] = memory.slice(from, all.get(i).length);
        }
        return requests;
    }

    /** Returns when all calls have ended, or the time to drain is over. */
    public static LoadResult run(LoadPlan plan) throws IOException {
        try (Selector selector = Selector.open()) {
            Load load = new Load(plan, selector);
            try {
                return load.run();
            } finally {
                for (Line line : load.lines) line.close();
            }
        }
    }

    private LoadResult run() throws IOException {
        long deadline = end + plan.drain().toNanos();
        long now = System.nanoTime();
        while (now < deadline && !(isOver(now) && idle.size() == lines.size())) {
            long wait = Math.min(startDue(now), deadline - now);
            if (wait >= MILLISECOND) selector.select(this::ready, wait / MILLISECOND);
            else if (selector.selectNow(this::ready) == 0) yieldToUpstream();
            now = System.nanoTime();
        }
        int open = lines.size() - idle.size();
        long neverBegun = total == Long.MAX_VALUE ? 0 : total - begun;
        return tally.result(open + neverBegun, (now - start) / 1e9);
    }

    private boolean isOver(long now) {
        return total == Long.MAX_VALUE ? now >= end : begun == total;
    }

    /** Starts the calls that are due and returns the nanoseconds until the next one. */
    private long startDue(long from) {
        long now = from;
        while (!idle.isEmpty() && !isOver(now)) {
            long due = due(now);
            if (due > now) return due - now;
            Line line = idle.pop();
            ByteBuffer request = requests[(int) (begun % requests.length)];
            begun++;
            tally.started(due, now);
            try {
                line.start(due, request);
            } catch (IOException e) {
                fail(line, e);
            }
            now = System.nanoTime();
        }
        // All lines are busy, or no more calls start: only an answer changes that.
        return Math.max(MILLISECOND, end - now);
    }

    private long due(long now) {
        return switch (plan.pace()) {
            case Pace.ClosedLoop() -> now;
            case Pace.Constant(int rate) -> start + (long) (begun * 1e9 / rate);
        };
    }

    private void ready(SelectionKey key) {
        if (!(key.attachment() instanceof Line line)) return;
        try {
            if (key.isWritable()) line.write();
            if (key.isReadable()) read(line);
        } catch (IOException e) {
            fail(line, e);
        }
    }

    private void read(Line line) throws IOException {
        long before = line.events();
        boolean ended = line.read(direct, received);
        long now = System.nanoTime();
        long events = line.events();
        if (line.isBusy() && events > before) {
            long gap = line.lap(now);
            if (before == 0) tally.firstEvent(now - line.intended());
            else tally.gap(gap);
        }
        if (ended) end(line, now);
    }

    private void end(Line line, long now) throws IOException {
        if (!line.isBusy()) {
            // The server closed a connection that nobody used.
            line.reconnect();
            return;
        }
        if (line.answer().isComplete()) {
            tally.ended(line.answer(), now - line.intended());
        } else {
            tally.broke("connection ended after " + line.answer().describe());
        }
        line.end();
        idle.push(line);
        if (line.answer().isClosing() || line.answer().isBroken()) line.reconnect();
    }

    private void fail(Line line, IOException cause) {
        boolean busy = line.isBusy();
        tally.broke(cause.toString());
        try {
            line.reconnect();
            if (busy) idle.push(line);
        } catch (IOException e) {
            // Without a line its calls stay unfinished, which is told.
            tally.broke("cannot connect again: " + e);
        }
    }

    // The mock provider often runs on the same processor, and a poll without it would keep the answer from being
    // written.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void yieldToUpstream() {
        Thread.yield();
    }
}
