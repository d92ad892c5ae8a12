package dev.sluice.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Units;
import dev.sluice.store.Samples;
import dev.sluice.traffic.usage.UsageRecord;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
    private static byte[] written(UsageRecord record) {
        ByteSink out = new ByteSink(16);
        RecordCodec.write(record, out, new Frames.PlainWriter(new TextBytes()));
        return Arrays.copyOf(out.array(), out.size());
    }

    @Test
    void aRecordWithoutUnitsIsWrittenAsBeforeThereWereAny() {
        UsageRecord plain = Samples.call("a", Samples.NOON);
        UsageRecord withUnits = Samples.withUnits(plain, new Units(1, 2, 3, 4));
        byte[] before = written(plain);
        byte[] after = written(withUnits);
        assertThat(before[0]).isEqualTo((byte) 1);
        assertThat(after[0]).isEqualTo((byte) 2);
        assertThat(Arrays.copyOfRange(after, 1, before.length)).isEqualTo(Arrays.copyOfRange(before, 1, before.length));
        assertThat(after).hasSize(before.length + 4);
    }
}
