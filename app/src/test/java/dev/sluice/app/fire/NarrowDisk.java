package dev.sluice.app.fire;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.sluice.app.Main;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.sqlite.SQLiteJDBCLoader;

/**
 * A gateway whose process may make no file longer than it is told: each line of its standard input is a number of bytes, 0 for
 * none at all and -1 for as many as it likes. The first line must be there before the gateway starts.
 *
 * <p>To the gateway that is a disk that is full: the system refuses what it writes, maybe after a part of it, with EFBIG where a
 * full disk says ENOSPC. Unlike a disk of its own this needs no rights and is there on every system with {@code setrlimit}.
 */
final class NarrowDisk {
    /** As Linux and macOS number it. */
    private static final int RLIMIT_FSIZE = 1;

    private final MethodHandle getrlimit;
    private final MethodHandle setrlimit;

    @SuppressWarnings("restricted") // The process is started with --enable-native-access.
    private NarrowDisk() {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor form = FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS);
        this.getrlimit = linker.downcallHandle(linker.defaultLookup().findOrThrow("getrlimit"), form);
        this.setrlimit = linker.downcallHandle(linker.defaultLookup().findOrThrow("setrlimit"), form);
    }

    public static void main(String[] arguments) throws Exception {
        // Both unpack their native libraries, which is not what the data folder's disk is for.
        SQLiteJDBCLoader.initialize();
        Vertx.vertx().close().await();
        NarrowDisk disk = new NarrowDisk();
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        disk.takes(told.readLine());
        Thread.ofPlatform().daemon().start(() -> disk.follow(told));
        Main.main(arguments);
    }

    private void follow(BufferedReader told) {
        try (told) {
            for (String line = told.readLine(); line != null; line = told.readLine()) takes(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets the soft limit, the only one that can be raised again. */
    private void takes(String bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(JAVA_LONG, 2);
            call(getrlimit, limit);
            long hard = limit.getAtIndex(JAVA_LONG, 1);
            long wanted = Long.parseLong(bytes);
            limit.setAtIndex(JAVA_LONG, 0, wanted < 0 ? hard : wanted);
            call(setrlimit, limit);
        }
    }

    private static void call(MethodHandle function, MemorySegment limit) {
        int result;
        try {
            result = (int) function.invokeExact(RLIMIT_FSIZE, limit);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        if (result != 0) throw new AssertionError("the limit of the length of files cannot be changed");
    }
}
