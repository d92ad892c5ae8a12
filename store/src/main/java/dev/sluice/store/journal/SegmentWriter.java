package dev.sluice.store.journal;

import dev.sluice.store.files.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Appends whole batches of frames to the newest segment. After a failed write it goes on in a new one. For one thread. */
final class SegmentWriter {
    private final Segments segments;
    private final Clock clock;
    private final int segmentBytes;

    private @Nullable FileChannel channel;
    private long segment;
    private long length;
    private boolean unsynced;

    SegmentWriter(Segments segments, Clock clock, int segmentBytes) {
        this.segments = segments;
        this.clock = clock;
        this.segmentBytes = segmentBytes;
    }

    boolean unsynced() {
        return unsynced;
    }

    /** Writes the frames, all or none of which are seen by readers; returns where they end. */
    Position write(ByteBuffer frames) throws IOException {
        FileChannel out = channel == null ? begin() : channel;
        long before = length;
        boolean whole = false;
        try {
            while (frames.hasRemaining()) length += out.write(frames);
            whole = true;
        } finally {
            if (!whole) abandon(out, before);
        }
        unsynced = true;
        segments.extend(segment, length, true);
        Position end = new Position(segment, length);
        if (length >= segmentBytes) end();
        return end;
    }

    private FileChannel begin() throws IOException {
        segment = segments.nextNumber(clock.millis());
        FileChannel out = FileChannel.open(
                segments.file(segment), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        channel = out;
        length = 0;
        boolean whole = false;
        try {
            ByteBuffer head = ByteBuffer.wrap(Frames.HEAD);
            while (head.hasRemaining()) length += out.write(head);
            DurableFile.syncDirectory(segments.directory());
            whole = true;
        } finally {
            if (!whole) abandon(out, 0);
        }
        segments.extend(segment, length, true);
        return out;
    }

    /** Cuts off what was half written and lets go of the segment. */
    private void abandon(FileChannel out, long good) {
        channel = null;
        unsynced = false;
        if (good > 0) segments.extend(segment, good, false);
        try (out) {
            out.truncate(good);
            out.force(false);
            if (good == 0) segments.drop(segment);
        } catch (IOException _) {
            // Readers stop at the last good frame by the extent, and after a restart by the checksums.
        }
    }

    void sync() throws IOException {
        FileChannel out = channel;
        if (out == null || !unsynced) return;
        boolean whole = false;
        try {
            out.force(false);
            unsynced = false;
            whole = true;
        } finally {
            // After a failed sync the system may have dropped pages, so this file is not trusted with more.
            if (!whole) abandon(out, length);
        }
    }

    private void end() throws IOException {
        sync();
        FileChannel out = channel;
        channel = null;
        if (out != null) out.close();
        segments.extend(segment, length, false);
    }

    void close() throws IOException {
        if (channel != null) end();
    }
}
