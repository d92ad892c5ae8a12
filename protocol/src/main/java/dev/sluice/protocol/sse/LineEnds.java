package dev.sluice.protocol.sse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line ends, eight bytes at a time. */
final class LineEnds {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private LineEnds() {}

    /** Offset of the first {@code \n} or {@code \r} in {@code [from, to)}, or {@code to}. */
    static int next(byte[] bytes, int from, int to) {
        int p = from;
        for (int last = to - Long.BYTES; p <= last; p += Long.BYTES) {
            long word = (long) WORDS.get(bytes, p);
            long feed = word ^ ONES * '\n';
            long turn = word ^ ONES * '\r';
            long found = (feed - ONES & ~feed | turn - ONES & ~turn) & TOPS;
            // A borrow can flag a byte above the first line end, never one below it.
            if (found != 0) return p + (Long.numberOfTrailingZeros(found) >> 3);
        }
        while (p < to && bytes[p] != '\n' && bytes[p] != '\r') p++;
        return p;
    }
}
