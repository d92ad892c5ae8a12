package dev.sluice.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A disk whose free space a test decides upon: what does not fit is written in part, then refused. */
final class SmallDisk implements SegmentFile.Disk {
    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger failingSyncs = new AtomicInteger();
    private final AtomicInteger failingTruncations = new AtomicInteger();

    void hasFree(long bytes) {
        free.set(bytes);
    }

    void failsToSync(int times) {
        failingSyncs.set(times);
    }

    void failsToTruncate(int times) {
        failingTruncations.set(times);
    }

    @Override
    public SegmentFile create(Path path) throws IOException {
        SegmentFile file = SegmentFile.create(path);
        return new SegmentFile() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                int fits = (int) Math.min(free.get(), bytes.remaining());
                if (fits == 0) throw new IOException("No space left on device");
                ByteBuffer part = bytes.slice(bytes.position(), fits);
                int written = file.write(part);
                bytes.position(bytes.position() + written);
                free.addAndGet(-written);
                return written;
            }

            @Override
            public void truncate(long length) throws IOException {
                fail(failingTruncations, "the file cannot be cut off");
                file.truncate(length);
            }

            @Override
            public void sync() throws IOException {
                fail(failingSyncs, "the file cannot be synced");
                file.sync();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    private static void fail(AtomicInteger times, String message) throws IOException {
        if (times.getAndUpdate(n -> Math.max(0, n - 1)) > 0) throw new IOException(message);
    }
}
