package dev.sluice.bench.soak;

import dev.sluice.bench.http.AnswerReader;
import dev.sluice.bench.load.Target;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A client that runs one errand after another, on one connection as long as that lasts. */
final class Client implements AutoCloseable {
    private final Target target;
    private final Selector selector;
    private final AnswerReader answer = new AnswerReader();
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private ByteBuffer request = ByteBuffer.allocate(0);
    private Errand errand = Errand.WHOLE;
    private long startedAt;

    Client(Target target, Selector selector) {
        this.target = target;
        this.selector = selector;
    }

    Errand errand() {
        return errand;
    }

    long startedAt() {
        return startedAt;
    }

    AnswerReader answer() {
        return answer;
    }

    /** @param bytes the errand's request */
    void start(Errand next, byte[] bytes, long now) throws IOException {
        errand = next;
        startedAt = now;
        answer.reset();
        request = ByteBuffer.wrap(bytes);
        if (channel == null) connect();
        write();
    }

    void write() throws IOException {
        SocketChannel open = channel;
        SelectionKey watched = key;
        if (open == null || watched == null) return;
        open.write(request);
        watched.interestOps(
                request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    /** Whether the whole request is on its way. */
    boolean isSent() {
        return !request.hasRemaining();
    }

    /** Reads what has come; whether the errand is over, well or not. */
    boolean read(ByteBuffer direct, byte[] bytes) throws IOException {
        SocketChannel open = channel;
        if (open == null) return false;
        direct.clear();
        int length = open.read(direct);
        if (length < 0) {
            answer.close();
            return true;
        }
        direct.flip().get(bytes, 0, length);
        int used = answer.read(bytes, 0, length);
        if (used < length && answer.isComplete()) throw new IOException("bytes behind the answer");
        return answer.isComplete() || answer.isBroken();
    }

    /** Goes away; the next errand connects anew. */
    @Override
    public void close() throws IOException {
        SocketChannel open = channel;
        channel = null;
        key = null;
        if (open != null) open.close();
    }

    private void connect() throws IOException {
        SocketChannel fresh = SocketChannel.open();
        try {
            fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
            fresh.connect(target.address());
            fresh.configureBlocking(false);
            SelectionKey watched = fresh.register(selector, SelectionKey.OP_READ);
            watched.attach(this);
            key = watched;
            channel = fresh;
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
    }
}
