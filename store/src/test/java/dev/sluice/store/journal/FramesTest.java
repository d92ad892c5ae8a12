package dev.sluice.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.protocol.Units;
import dev.sluice.protocol.Usage;
import dev.sluice.store.Samples;
import dev.sluice.traffic.usage.Outcome;
import dev.sluice.traffic.usage.Provenance;
import dev.sluice.traffic.usage.UsageRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static byte[] segment(List<UsageRecord> records) {
        ByteSink out = new ByteSink(16);
        CRC32C crc = new CRC32C();
        Frames.PlainWriter texts = new Frames.PlainWriter(new TextBytes());
        for (UsageRecord record : records) Frames.write(record, out, texts, crc);
        return Arrays.copyOf(out.array(), out.size());
    }

    private static Frames.Found read(byte[] bytes) {
        return Frames.read(bytes, bytes.length, true, new TextCache());
    }

    private static List<UsageRecord> calls(int count) {
        List<UsageRecord> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) calls.add(Samples.call("call-" + i, Samples.NOON.plusMillis(i)));
        return calls;
    }

    @Property(tries = 300)
    void readsBackWhatWasWritten(@ForAll("records") List<UsageRecord> records) {
        Frames.Found found = read(segment(records));

        assertThat(found.records()).isEqualTo(records);
        assertThat(found.damaged()).isZero();
    }

    @Provide
    Arbitrary<List<UsageRecord>> records() {
        Arbitrary<String> text =
                Arbitraries.strings().withCharRange((char) 0, (char) 0xd7ff).ofMaxLength(80);
        Arbitrary<Long> number = Arbitraries.longs();
        return Combinators.combine(
                        text.list().ofSize(14),
                        number.list().ofSize(14),
                        Arbitraries.of(Outcome.values()),
                        Arbitraries.of(Provenance.values()),
                        Arbitraries.integers(),
                        Arbitraries.of(true, false))
                .as((t, n, outcome, provenance, status, streamed) -> new UsageRecord(
                        t.get(0),
                        n.get(0),
                        t.get(1),
                        t.get(2),
                        t.get(3),
                        t.get(4),
                        t.get(5),
                        t.get(6),
                        t.get(7),
                        t.get(8),
                        t.get(9),
                        t.get(10),
                        t.get(11),
                        new Usage(n.get(1), n.get(2), n.get(3), n.get(4), n.get(5)),
                        streamed ? Units.NONE : new Units(n.get(10), n.get(11), n.get(12), n.get(13)),
                        provenance,
                        n.get(6),
                        t.get(12),
                        outcome,
                        status,
                        t.get(13),
                        status >>> 3,
                        n.get(7),
                        n.get(8),
                        streamed,
                        n.get(9),
                        n.get(0),
                        t.get(1)))
                .list()
                .ofMaxSize(5);
    }

    @Property(tries = 300)
    void losesOnlyTheRecordsAfterATear(@ForAll @IntRange(min = 0, max = 2000) int cut) {
        List<UsageRecord> calls = calls(10);
        byte[] whole = segment(calls);
        byte[] torn = Arrays.copyOf(whole, Math.min(cut, whole.length));

        Frames.Found found = read(torn);

        assertThat(found.records()).isEqualTo(calls.subList(0, found.records().size()));
        assertThat(segment(found.records()).length + found.damaged()).isEqualTo(torn.length);
        assertThat(found.next()).isEqualTo(torn.length);
    }

    @Property(tries = 300)
    void losesAtMostOneRecordToAFlippedBit(
            @ForAll @IntRange(min = 0, max = 2000) int position, @ForAll @IntRange(min = 0, max = 7) int bit) {
        List<UsageRecord> calls = calls(10);
        byte[] bytes = segment(calls);
        bytes[position % bytes.length] ^= (byte) (1 << bit);

        Frames.Found found = read(bytes);

        assertThat(found.records().size()).isBetween(9, 10);
        assertThat(calls).containsAll(found.records());
        assertThat(found.damaged()).isPositive();
    }

    @Property(tries = 200)
    void neverFailsOnGarbage(@ForAll byte[] garbage) {
        Frames.Found found = read(garbage);

        assertThat(found.next()).isEqualTo(garbage.length);
        assertThat(found.records()).isEmpty();
    }

    @Test
    void passesOverZeroesThatACrashLeftAtTheEnd() {
        List<UsageRecord> calls = calls(3);
        byte[] bytes = segment(calls);

        Frames.Found found = read(Arrays.copyOf(bytes, bytes.length + 4096));

        assertThat(found.records()).isEqualTo(calls);
        assertThat(found.damaged()).isEqualTo(4096);
        assertThat(found.tornTail()).isTrue();
    }

    @Test
    void waitsForTheRestOfAFrameThatGoesOnInTheNextStretch() {
        List<UsageRecord> calls = calls(20);
        byte[] bytes = segment(calls);
        TextCache cache = new TextCache();
        for (int size = 1000; size < 1300; size++) {
            Frames.Found first = Frames.read(bytes, size, false, cache);
            byte[] rest = Arrays.copyOfRange(bytes, first.next(), bytes.length);
            Frames.Found second = Frames.read(rest, rest.length, true, cache);

            List<UsageRecord> both = new ArrayList<>(first.records());
            both.addAll(second.records());
            assertThat(both).isEqualTo(calls);
            assertThat(first.damaged() + second.damaged()).isZero();
        }
    }

    @Test
    void cutsTextsThatAClientMadeTooLong() {
        UsageRecord call =
                Samples.call("x", Samples.NOON, "chat", "k", "m".repeat(1_000_000), Outcome.REFUSED, 404, 0, 0);

        Frames.Found found = read(segment(List.of(call)));

        assertThat(found.records().getFirst().model()).isEqualTo("m".repeat(RecordCodec.MAX_TEXT));
    }
}
