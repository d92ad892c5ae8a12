package dev.sluice.app;

import dev.sluice.app.cli.AccessLog;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the access log where the operator wants it. */
final class AccessLogs {
    private AccessLogs() {}

    static Optional<Consumer<List<UsageRecord>>> open(AccessLog where) throws StartException {
        return switch (where) {
            case AccessLog.Off() -> Optional.empty();
            case AccessLog.Stdout() ->
                Optional.of(
                        new dev.sluice.app.observe.AccessLog(new FileOutputStream(FileDescriptor.out).getChannel()));
            case AccessLog.ToFile(Path file) -> {
                try {
                    yield Optional.of(new dev.sluice.app.observe.AccessLog(
                            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
                } catch (IOException e) {
                    throw new StartException("--access-log: " + file + " cannot be written: " + e.getMessage());
                }
            }
        };
    }
}
