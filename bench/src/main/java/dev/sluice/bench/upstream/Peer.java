package dev.sluice.bench.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection from a proxy: bytes of a request that is not complete, bytes that the socket did not take yet, a stream. */
final class Peer {
    private static final byte[] NOTHING = {};

    private final SocketChannel channel;
    private final SelectionKey key;
    private byte[] unread = NOTHING;
    private @Nullable ByteBuffer unsent;

    private @Nullable Script script;
    private Wishes stream = Wishes.WHOLE;
    private int sentEvents;
    private long due;

    Peer(SocketChannel channel, SelectionKey key) {
        this.channel = channel;
        this.key = key;
    }

    SocketChannel channel() {
        return channel;
    }

    boolean isStreaming() {
        return stream.events() > 0;
    }

    /** When the next event is to be sent, in nanoseconds of {@link System#nanoTime}. */
    long due() {
        return due;
    }

    void startStream(Script said, Wishes wishes, long now) {
        script = said;
        stream = wishes;
        sentEvents = 0;
        due = now;
    }

    void endStream() {
        stream = Wishes.WHOLE;
    }

    /** Whether the connection is to be broken now, in the middle of the stream. */
    boolean isToBeCut() {
        return stream.fault() == Fault.CUT && sentEvents == stream.events() / 2;
    }

    /** Sends the next event; the one after it is due one pace after this one was due, however late this one is. */
    void sendEvent() throws IOException {
        send(Objects.requireNonNull(script, "no stream has begun").event(sentEvents++, stream.events()));
        due += stream.paceMillis() * 1_000_000L;
        if (sentEvents == stream.events()) stream = Wishes.WHOLE;
    }

    /** The bytes received so far that make no whole request, with the new ones behind them. */
    byte[] take(byte[] bytes, int length) {
        byte[] joined = Arrays.copyOf(unread, unread.length + length);
        System.arraycopy(bytes, 0, joined, unread.length, length);
        unread = NOTHING;
        return joined;
    }

    boolean hasUnread() {
        return unread.length > 0;
    }

    void keep(byte[] bytes, int from, int to) {
        unread = from == to ? NOTHING : Arrays.copyOfRange(bytes, from, to);
    }

    /** Writes the whole of a shared buffer; what the socket does not take is copied and follows when it is writable. */
    void send(ByteBuffer shared) throws IOException {
        ByteBuffer before = unsent;
        if (before == null) {
            shared.rewind();
            channel.write(shared);
            if (!shared.hasRemaining()) return;
        } else {
            shared.rewind();
        }
        int kept = before == null ? 0 : before.remaining();
        ByteBuffer rest = ByteBuffer.allocate(kept + shared.remaining());
        if (before != null) rest.put(before);
        unsent = rest.put(shared).flip();
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    void flush() throws IOException {
        ByteBuffer rest = unsent;
        if (rest == null) return;
        channel.write(rest);
        if (rest.hasRemaining()) return;
        unsent = null;
        key.interestOps(SelectionKey.OP_READ);
    }
}
