package dev.sluice.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipTest {
    private static final int MOST = 1 << 20;
    private static final int ROOM = 100_000;

    private final AtomicInteger reserved = new AtomicInteger();

    /** Bytes that gzip makes about a tenth of. */
    private static byte[] plain() {
        byte[] plain = new byte[MOST];
        Random random = new Random(1);
        for (int i = 0; i < plain.length; i += 16) plain[i] = (byte) random.nextInt();
        return plain;
    }

    private static byte[] coded(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private boolean isRoomFor(int more, int room) {
        if (reserved.get() + more > room) return false;
        reserved.addAndGet(more);
        return true;
    }

    @Test
    void usesNoMoreMemoryThanThereIsRoomFor() throws IOException {
        assertThat(Gzip.inflate(coded(plain()), MOST, "a setting", more -> isRoomFor(more, ROOM)))
                .isInstanceOf(Gzip.NoRoom.class);
        assertThat(reserved.get()).isLessThanOrEqualTo(ROOM);
    }

    @Test
    void asksForAllTheMemoryThatItUses() throws IOException {
        Gzip.Result result = Gzip.inflate(coded(plain()), MOST, "a setting", more -> isRoomFor(more, MOST));
        assertThat(result).isInstanceOf(Gzip.Inflated.class);
        assertThat(((Gzip.Inflated) result).bytes()).isEqualTo(plain());
        assertThat(reserved).hasValue(MOST);
    }
}
