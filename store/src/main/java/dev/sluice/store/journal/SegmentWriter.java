package dev.sluice.store.journal;

import dev.sluice.store.files.DurableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Appends whole batches of frames to the newest segment. For one thread.
 *
 * <p>After a failed write it goes on in a new segment, but not before what was half written is cut off the old one: the
 * batch is written again, and after a restart a whole frame of the failed write would count a second time.
 */
final class SegmentWriter {
    private final Segments segments;
    private final SegmentFile.Disk disk;
    private final Clock clock;
    private final int segmentBytes;

    private @Nullable SegmentFile file;
    private long segment;
    private long length;
    private boolean unsynced;
    /** A segment with a half-written end that could not be cut off yet. */
    private @Nullable SegmentFile uncut;

    private long good;

    SegmentWriter(Segments segments, SegmentFile.Disk disk, Clock clock, int segmentBytes) {
        this.segments = segments;
        this.disk = disk;
        this.clock = clock;
        this.segmentBytes = segmentBytes;
    }

    boolean unsynced() {
        return unsynced;
    }

    /** Writes the frames, all or none of which are seen by readers. */
    void write(ByteBuffer frames) throws IOException {
        // Not behind the write: a segment that cannot be ended must not look like frames that were not written.
        if (file != null && length >= segmentBytes) end();
        SegmentFile out = file == null ? begin() : file;
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
    }

    private SegmentFile begin() throws IOException {
        cut();
        segment = segments.nextNumber(clock.millis());
        SegmentFile out = disk.create(segments.file(segment));
        file = out;
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

    /** Lets go of the segment, of which only so much is good. */
    private void abandon(SegmentFile out, long goodBytes) {
        file = null;
        unsynced = false;
        uncut = out;
        good = goodBytes;
        if (holdsFrames()) segments.extend(segment, goodBytes, false);
        try {
            cut();
        } catch (IOException _) {
            // Readers stop at the last good frame; it is cut before anything else is written.
        }
    }

    /** Cuts off what was half written, or deletes a segment that holds nothing: a full disk would gather them. */
    private void cut() throws IOException {
        SegmentFile out = uncut;
        if (out == null) return;
        if (holdsFrames()) {
            out.truncate(good);
        } else {
            segments.drop(segment);
        }
        uncut = null;
        try (out) {
            out.sync();
        } catch (IOException _) {
            // It was given up because of such a failure, maybe; what follows goes to another file.
        }
    }

    private boolean holdsFrames() {
        return good > Frames.HEAD.length;
    }

    void sync() throws IOException {
        SegmentFile out = file;
        if (out == null || !unsynced) return;
        boolean whole = false;
        try {
            out.sync();
            unsynced = false;
            whole = true;
        } finally {
            // After a failed sync the system may have dropped pages, so this file is not trusted with more.
            if (!whole) abandon(out, length);
        }
    }

    private void end() throws IOException {
        sync();
        SegmentFile out = file;
        file = null;
        if (out != null) out.close();
        segments.extend(segment, length, false);
    }

    void close() throws IOException {
        cut();
        if (file != null) end();
    }
}
