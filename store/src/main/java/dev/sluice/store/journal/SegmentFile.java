package dev.sluice.store.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A segment on the disk as its writer sees it. A test puts a disk of its own beneath. */
interface SegmentFile extends Closeable {
    /** How segments come to be. */
    interface Disk {
        /** Makes the file of a new segment; fails if there is one. */
        SegmentFile create(Path file) throws IOException;
    }

    /** Writes from the buffer's position on, maybe not all of it. */
    int write(ByteBuffer bytes) throws IOException;

    /** Cuts off what lies behind. */
    void truncate(long length) throws IOException;

    /** Returns when everything written is on the disk. */
    void sync() throws IOException;

    /** The disk of this machine. */
    static SegmentFile create(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        return new SegmentFile() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                return channel.write(bytes);
            }

            @Override
            public void truncate(long length) throws IOException {
                channel.truncate(length);
            }

            @Override
            public void sync() throws IOException {
                channel.force(false);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
