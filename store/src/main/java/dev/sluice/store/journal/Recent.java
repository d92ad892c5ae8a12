package dev.sluice.store.journal;

import dev.sluice.traffic.usage.UsageRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The records that were written last, with the places they have in the segments, so that a shipper that keeps up need
 * not read and decode them. Whatever is not found here is read from the file.
 */
final class Recent {
    private final int capacity;
    private final ArrayDeque<Written> batches = new ArrayDeque<>();
    private int size;

    private record Written(Position start, Position end, List<UsageRecord> records) {}

    Recent(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(Position start, Position end, List<UsageRecord> records) {
        batches.addLast(new Written(start, end, records));
        size += records.size();
        while (size > capacity) size -= batches.removeFirst().records().size();
    }

    /**
     * The records from a position on, none when they are not here. Forgets what lies before it.
     *
     * @param max how many there should be at most; what was written at once stays together
     */
    synchronized Journal.Batch from(Position from, Position at, int max) {
        while (!batches.isEmpty() && isBefore(batches.getFirst().start(), at)) {
            size -= batches.removeFirst().records().size();
        }
        List<UsageRecord> found = new ArrayList<>();
        Position next = at;
        for (Written batch : batches) {
            boolean isFull = !found.isEmpty() && found.size() + batch.records().size() > max;
            if (isFull || !batch.start().equals(next)) break;
            found.addAll(batch.records());
            next = batch.end();
        }
        return new Journal.Batch(found, from, next);
    }

    private static boolean isBefore(Position a, Position b) {
        return a.segment() < b.segment() || a.segment() == b.segment() && a.offset() < b.offset();
    }
}
