package dev.sluice.store;

import dev.sluice.store.sql.StoreException;
import dev.sluice.store.sql.StoreException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The directory that a gateway keeps its files in, held by one process at a time. */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "sluice.lock";

    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    Path path() {
        return path;
    }

    static DataDirectory hold(Path path) {
        try {
            create(path);
            FileChannel channel = FileChannel.open(
                    path.resolve(LOCK),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
            boolean held = false;
            try {
                FileLock lock = tryLock(channel);
                if (lock == null) throw inUse(path, channel);
                note(channel);
                held = true;
                return new DataDirectory(path, channel);
            } finally {
                if (!held) channel.close();
            }
        } catch (IOException e) {
            throw new StoreException(
                    Reason.UNAVAILABLE, "the data directory " + path + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static void create(Path path) throws IOException {
        if (Files.isDirectory(path)) return;
        Files.createDirectories(path);
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        } catch (UnsupportedOperationException _) {
            // A file system without such permissions.
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static void note(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
        } catch (IOException _) {
            // A full disk. The lock holds all the same, and whoever is refused is not told by whom.
        }
    }

    private static StoreException inUse(Path path, FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        channel.read(pid, 0);
        String holder = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII).strip();
        return new StoreException(
                Reason.IN_USE,
                "the data directory " + path + " is in use by another gateway"
                        + (holder.isEmpty() ? "" : " (process " + holder + ")")
                        + "; stop it, or give this one a data directory of its own",
                null);
    }

    /** The lock goes with the channel; the file stays, since another process may be about to lock it. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // The system releases the lock with the process at the latest.
        }
    }
}
