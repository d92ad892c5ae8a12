package dev.sluice.app.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.store.journal.Journal;
import dev.sluice.store.journal.JournalLimits;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log whose reader does not read. */
@Timeout(60)
class LogQueueTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    /** Takes nothing until it is told to. */
    private static final class Stuck extends OutputStream {
        final CountDownLatch read = new CountDownLatch(1);
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                read.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("told to end");
            }
            taken.write(bytes, offset, length);
        }

        long lines() {
            return taken.toString(StandardCharsets.UTF_8).lines().count();
        }
    }

    private static UsageRecord call(int number) {
        return new UsageRecord(
                "call-" + number,
                0,
                "default",
                "main",
                "CHAT_COMPLETIONS",
                "service",
                "openai",
                "key",
                "model",
                "model",
                "caller",
                "id-of-caller",
                "consumer",
                Usage.of(1, 1),
                Units.NONE,
                Provenance.REPORTED,
                0,
                "",
                Outcome.COMPLETED,
                200,
                "",
                1,
                1,
                1,
                false,
                1,
                1,
                "127.0.0.1");
    }

    @Test
    void aReaderThatIsStuckStopsNeitherJournalNorMetrics() {
        Stuck out = new Stuck();
        AtomicInteger seen = new AtomicInteger();
        try (LogQueue log = new LogQueue(new AccessLog(Channels.newChannel(out)), 100, PATIENCE);
                Journal journal = Journal.open(
                        folder,
                        JournalLimits.DEFAULT,
                        Clock.systemUTC(),
                        List.of(batch -> seen.addAndGet(batch.size()), log))) {
            for (int i = 0; i < 1_000; i++) journal.append(call(i));
            assertThat(journal.flush(PATIENCE)).isTrue();
            assertThat(seen).hasValue(1_000);
            assertThat(journal.state().lost().records()).isZero();
            assertThat(log.dropped()).isEqualTo(900);
            out.read.countDown();
        }
        assertThat(out.lines()).isEqualTo(100);
    }

    @Test
    void theEndWaitsForAStuckReaderNoLongerThanTold() {
        Stuck out = new Stuck();
        LogQueue log = new LogQueue(new AccessLog(Channels.newChannel(out)), 100, Duration.ofMillis(1));
        log.accept(List.of(call(1), call(2)));
        log.close();
        assertThat(log.dropped()).isEqualTo(2);
        assertThat(out.lines()).isZero();
    }

    @Test
    void linesThatCannotBeWrittenAreCountedAndTheNextOnesAreWritten() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        OutputStream full = new OutputStream() {
            private boolean refused;

            @Override
            public void write(int b) throws IOException {
                if (!refused) {
                    refused = true;
                    throw new IOException("No space left on device");
                }
                written.write(b);
            }
        };
        LogQueue log = new LogQueue(new AccessLog(Channels.newChannel(full)), 100, PATIENCE);
        log.accept(List.of(call(1), call(2)));
        log.accept(List.of(call(3)));
        log.close();
        assertThat(log.dropped()).isEqualTo(2);
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .contains("call-3");
    }

    @Test
    void aLineThatWasWrittenInPartIsNotJoinedToTheNext() {
        ByteArrayOutputStream disk = new ByteArrayOutputStream();
        AtomicInteger room = new AtomicInteger(100);
        WritableByteChannel full = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer bytes) throws IOException {
                int most = Math.min(room.get(), bytes.remaining());
                if (most == 0) throw new IOException("No space left on device");
                room.addAndGet(-most);
                for (int i = 0; i < most; i++) disk.write(bytes.get());
                return most;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        AccessLog log = new AccessLog(full);
        assertThatThrownBy(() -> log.accept(List.of(call(1)))).hasMessageContaining("No space left on device");
        room.set(10_000);
        log.accept(List.of(call(2)));
        log.accept(List.of(call(3)));
        List<String> lines = disk.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).hasSize(100);
        assertThat(lines.subList(1, 3)).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }
}
