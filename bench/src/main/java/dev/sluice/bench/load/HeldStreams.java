package dev.sluice.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Streams that have begun and stay open: each has had its first event and waits for the next, which is minutes away.
 * Closing lets all of them go at once, as clients do that leave.
 */
public final class HeldStreams implements AutoCloseable {
    private static final Call.Streamed SLOW = new Call.Streamed(64, 300_000);
    private static final int READ_BYTES = 64 * 1024;

    private final Selector selector;
    private final List<Line> lines = new ArrayList<>();
    private final ByteBuffer direct = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] received = new byte[READ_BYTES];
    private int open;
    private int ended;
    private String firstFailure = "";

    private HeldStreams(Selector selector) {
        this.selector = selector;
    }

    /**
     * Opens streams one after another, at most {@code perSecond}, and returns when all have begun or the time is over.
     *
     * @param limit for all of them together
     */
    public static HeldStreams open(Target target, int streams, int perSecond, Duration limit) throws IOException {
        HeldStreams held = new HeldStreams(Selector.open());
        try {
            byte[] bytes = SLOW.request(target);
            held.openAll(
                    target, ByteBuffer.allocateDirect(bytes.length).put(bytes).flip(), streams, perSecond, limit);
        } catch (IOException | RuntimeException e) {
            held.close();
            throw e;
        }
        return held;
    }

    /** Streams that have had their first event and are still open. */
    public int count() throws IOException {
        selector.selectNow(this::ready);
        return open;
    }

    /** What the first stream that did not begin, or did not stay, looked like; empty if there was none. */
    public String firstFailure() {
        return firstFailure;
    }

    @Override
    public void close() throws IOException {
        for (Line line : lines) line.close();
        selector.close();
    }

    private void openAll(Target target, ByteBuffer request, int streams, int perSecond, Duration limit)
            throws IOException {
        long start = System.nanoTime();
        long deadline = start + limit.toNanos();
        while (open + ended < streams && System.nanoTime() < deadline) {
            long due = (System.nanoTime() - start) * perSecond / 1_000_000_000L;
            while (lines.size() < streams && lines.size() <= due) {
                Line line = new Line(target, selector);
                lines.add(line);
                line.start(System.nanoTime(), request);
            }
            selector.select(this::ready, 1);
        }
    }

    private void ready(SelectionKey key) {
        if (!(key.attachment() instanceof Line line)) return;
        try {
            if (key.isWritable()) line.write();
            if (!key.isReadable()) return;
            long before = line.events();
            boolean over = line.read(direct, received);
            if (before == 0 && hasBegun(line)) open++;
            if (over) end(key, line, line.answer().describe());
        } catch (IOException e) {
            end(key, line, e.toString());
        }
    }

    private static boolean hasBegun(Line line) {
        return line.events() > 0 && line.answer().status() == 200;
    }

    private void end(SelectionKey key, Line line, String what) {
        key.cancel();
        if (hasBegun(line)) open--;
        ended++;
        if (firstFailure.isEmpty()) firstFailure = what;
    }
}
