package dev.sluice.bench.load;

import dev.sluice.bench.http.AnswerReader;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One keep-alive connection to the target and the call that is on it. */
final class Line implements AutoCloseable {
    private final Target target;
    private final Selector selector;
    private final AnswerReader answer = new AnswerReader();
    private ByteBuffer request = ByteBuffer.allocate(0);
    private SocketChannel channel;
    private SelectionKey key;
    private boolean busy;
    private long intended;
    private long lastEvent;

    Line(Target target, Selector selector) throws IOException {
        this.target = target;
        this.selector = selector;
        channel = connect();
        key = register();
    }

    boolean isBusy() {
        return busy;
    }

    long events() {
        return answer.events();
    }

    AnswerReader answer() {
        return answer;
    }

    long intended() {
        return intended;
    }

    /** @param shared the bytes of the call, which other lines read as well */
    void start(long intendedStart, ByteBuffer shared) throws IOException {
        intended = intendedStart;
        lastEvent = 0;
        busy = true;
        answer.reset();
        request = shared.duplicate();
        write();
    }

    /** Sends what the socket takes of the request; the rest follows when it is writable. */
    void write() throws IOException {
        channel.write(request);
        int wanted = request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != wanted) key.interestOps(wanted);
    }

    /**
     * Reads what has come.
     *
     * @param direct scratch shared by all lines
     * @param bytes scratch of the same size
     * @return whether the call has ended, well or not; bytes that nobody asked for end it badly
     */
    boolean read(ByteBuffer direct, byte[] bytes) throws IOException {
        direct.clear();
        int length = channel.read(direct);
        if (length < 0) {
            answer.close();
            return true;
        }
        direct.flip().get(bytes, 0, length);
        if (!busy) throw new IOException(length + " bytes came without a request");
        int used = answer.read(bytes, 0, length);
        if (used < length && answer.isComplete()) throw new IOException("bytes behind the answer");
        return answer.isComplete() || answer.isBroken();
    }

    /** The time since the last event, or 0 if there was none; the next gap starts now. */
    long lap(long now) {
        long gap = lastEvent == 0 ? 0 : now - lastEvent;
        lastEvent = now;
        return gap;
    }

    void end() {
        busy = false;
    }

    void reconnect() throws IOException {
        channel.close();
        busy = false;
        channel = connect();
        key = register();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private SocketChannel connect() throws IOException {
        SocketChannel fresh = SocketChannel.open();
        try {
            fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
            fresh.connect(target.address());
            fresh.configureBlocking(false);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        return fresh;
    }

    private SelectionKey register() throws IOException {
        SelectionKey fresh = channel.register(selector, SelectionKey.OP_READ);
        fresh.attach(this);
        return fresh;
    }
}
