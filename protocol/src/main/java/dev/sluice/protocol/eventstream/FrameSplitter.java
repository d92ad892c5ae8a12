package dev.sluice.protocol.eventstream;

import dev.sluice.protocol.sse.EventSplitter;
import dev.sluice.protocol.sse.Splitter;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts AWS's binary event stream into its messages by the length that each begins with. A message that lies whole within a chunk is
 * not copied. The checksums are the matter of whoever reads the message.
 */
public final class FrameSplitter implements Splitter {
    private static final int PREFIX = 4;
    private static final int SHORTEST = 16;

    private final int maxMessageBytes;
    private byte[] kept = new byte[256];
    private int length;
    private boolean overflown;

    public FrameSplitter(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public boolean feed(byte[] chunk, int from, int to, EventSplitter.Sink sink) {
        int at = from;
        while (at < to && !overflown) {
            if (length == 0 && to - at >= PREFIX) {
                int total = total(chunk, at);
                // What is too short for a message is none; its reader finds that out.
                int size = total < SHORTEST ? to - at : total;
                if (!overflown && to - at >= size) {
                    sink.event(chunk, at, at + size);
                    at += size;
                    continue;
                }
            }
            if (!overflown) at = keep(chunk, at, to, sink);
        }
        return !overflown;
    }

    /** A message that has not come whole is of no use to anybody, and would spoil what is told behind it. */
    @Override
    public void end(EventSplitter.Sink sink) {
        length = 0;
    }

    private int keep(byte[] chunk, int from, int to, EventSplitter.Sink sink) {
        int wanted = length < PREFIX ? PREFIX : Math.max(SHORTEST, total(kept, 0));
        if (overflown) return from;
        int taken = Math.min(wanted - length, to - from);
        if (length + taken > kept.length)
            kept = Arrays.copyOf(kept, Math.min(wanted, Math.max(length + taken, 2 * kept.length)));
        System.arraycopy(chunk, from, kept, length, taken);
        length += taken;
        if (length > PREFIX && length == wanted) {
            sink.event(kept, 0, length);
            length = 0;
        }
        return from + taken;
    }

    /** Bytes of the message that begins here. */
    private int total(byte[] bytes, int at) {
        long total = Integer.toUnsignedLong(ByteBuffer.wrap(bytes, at, PREFIX).getInt());
        overflown = total > maxMessageBytes;
        return (int) Math.min(total, maxMessageBytes);
    }
}
