package dev.sluice.store.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The segment files of a journal directory by number. The writer adds and extends, the shipper reads and deletes. */
final class Segments {
    private static final String ENDING = ".jrn";

    private final Path directory;
    /** Up to where each segment may be read: whole frames only. */
    private final ConcurrentNavigableMap<Long, Extent> extents = new ConcurrentSkipListMap<>();

    private final AtomicLong bytes = new AtomicLong();

    /** @param open whether more may be written to it */
    record Extent(long bytes, boolean open) {}

    private Segments(Path directory) {
        this.directory = directory;
    }

    static Segments in(Path directory) throws IOException {
        Segments segments = new Segments(directory);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + ENDING)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String number = name.substring(0, name.length() - ENDING.length());
                if (!number.matches("\\d{16}")) continue;
                segments.extend(Long.parseLong(number), Files.size(file), false);
            }
        }
        return segments;
    }

    Path directory() {
        return directory;
    }

    Path file(long segment) {
        return directory.resolve(String.format("%016d%s", segment, ENDING));
    }

    /** A number above all there are, and above those of a directory that was emptied by hand. */
    long nextNumber(long nowMillis) {
        return extents.isEmpty() ? nowMillis : Math.max(nowMillis, extents.lastKey() + 1);
    }

    void extend(long segment, long length, boolean open) {
        Extent before = extents.put(segment, new Extent(length, open));
        bytes.addAndGet(length - (before == null ? 0 : before.bytes()));
    }

    @Nullable
    Extent extent(long segment) {
        return extents.get(segment);
    }

    /** The first segment with at least this number. */
    @Nullable
    Long from(long segment) {
        return extents.ceilingKey(segment);
    }

    long bytes() {
        return bytes.get();
    }

    /**
     * Deletes the segments that end at or before a position and are not written to any more. The newest one stays: its
     * number keeps later ones above it when the clock is set back.
     */
    void deleteUpTo(Position position) throws IOException {
        for (var entry : extents.headMap(position.segment(), true).entrySet()) {
            Extent extent = entry.getValue();
            boolean whole = entry.getKey() < position.segment() || position.offset() >= extent.bytes();
            if (!whole || extent.open() || entry.getKey().equals(extents.lastKey())) continue;
            drop(entry.getKey());
        }
    }

    void drop(long segment) throws IOException {
        Files.deleteIfExists(file(segment));
        Extent extent = extents.remove(segment);
        if (extent != null) bytes.addAndGet(-extent.bytes());
    }

    /** Reads at most so many bytes from a place on; null when there is no such file. */
    byte @Nullable [] read(long segment, long offset, int length) throws IOException {
        try (FileChannel in = FileChannel.open(file(segment), StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining() && in.read(buffer, offset + buffer.position()) >= 0) {
                // Reads on until the buffer is full or the file ends.
            }
            return buffer.hasRemaining() ? Arrays.copyOf(buffer.array(), buffer.position()) : buffer.array();
        } catch (NoSuchFileException _) {
            return null;
        }
    }
}
