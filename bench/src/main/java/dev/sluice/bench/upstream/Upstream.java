package dev.sluice.bench.upstream;

import dev.sluice.bench.http.HttpHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A mock provider on 127.0.0.1: one thread, HTTP/1.1 keep-alive. A call gets the same whole answer each time, or a stream of
 * as many events at such a pace as {@link Wishes it asks for}.
 *
 * <p>Paced streams wait in one queue ordered by the time of their next event, so that thousands cost what is due and no more.
 */
public final class Upstream implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int READ_BYTES = 256 * 1024;
    private static final int MAX_REQUEST_BYTES = 1024 * 1024;
    private static final long MILLISECOND = 1_000_000;

    private final ServerSocketChannel server;
    private final Selector selector;
    private static final byte[] MESSAGES = "POST /v1/messages ".getBytes(StandardCharsets.US_ASCII);

    private final Script openAi = Script.openAi();
    private final Script anthropic = Script.anthropic();
    private final PriorityQueue<Peer> streams = new PriorityQueue<>(byDue());
    private final AtomicInteger openStreams = new AtomicInteger();
    private final ByteBuffer direct = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] received = new byte[READ_BYTES];
    private final Thread thread;
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean open = true;

    private Upstream(int port) throws IOException {
        selector = Selector.open();
        server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread = Thread.ofPlatform().name("upstream").daemon().unstarted(this::serve);
    }

    /** Starts serving. Port 0 takes any free one. */
    public static Upstream start(int port) throws IOException {
        Upstream upstream = new Upstream(port);
        upstream.thread.start();
        return upstream;
    }

    public int port() {
        return server.socket().getLocalPort();
    }

    /** Streams that have begun and neither ended nor been left by the proxy. */
    public int openStreams() {
        return openStreams.get();
    }

    /** Calls that have been read. */
    public long calls() {
        return calls.get();
    }

    /** Returns when the server has stopped. */
    public void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void close() {
        open = false;
        selector.wakeup();
    }

    private static Comparator<Peer> byDue() {
        // The difference, because nanoTime may overflow between two of them.
        return (a, b) -> Long.signum(a.due() - b.due());
    }

    private void serve() {
        try (selector;
                server) {
            while (open) {
                Peer next = streams.peek();
                if (next == null) {
                    selector.select(this::ready);
                } else {
                    long wait = next.due() - System.nanoTime();
                    if (wait > 0) selector.select(this::ready, (wait + MILLISECOND - 1) / MILLISECOND);
                    else selector.selectNow(this::ready);
                }
                sendDue(System.nanoTime());
            }
            for (SelectionKey key : selector.keys()) key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException("the mock provider on port " + port() + " failed", e);
        }
    }

    private void sendDue(long now) {
        for (Peer peer = streams.peek(); peer != null && peer.due() - now <= 0; peer = streams.peek()) {
            streams.remove();
            sendEvents(peer, now);
        }
    }

    private void ready(SelectionKey key) {
        if (!(key.attachment() instanceof Peer peer)) {
            accept();
            return;
        }
        try {
            if (key.isWritable()) peer.flush();
            if (key.isReadable()) read(peer);
        } catch (IOException _) {
            drop(peer);
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
                key.attach(new Peer(channel, key));
            }
        } catch (IOException _) {
            // The proxy was gone before its connection was taken.
        }
    }

    private void read(Peer peer) throws IOException {
        direct.clear();
        int length = peer.channel().read(direct);
        if (length < 0) {
            drop(peer);
            return;
        }
        direct.flip().get(received, 0, length);
        if (peer.hasUnread()) {
            byte[] joined = peer.take(received, length);
            answerAll(peer, joined, joined.length);
        } else {
            answerAll(peer, received, length);
        }
    }

    /** Answers every complete request in the bytes and keeps the rest. */
    private void answerAll(Peer peer, byte[] bytes, int to) throws IOException {
        int from = 0;
        while (from < to) {
            int head = HttpHead.end(bytes, from, to);
            if (head < 0 && to - from < MAX_REQUEST_BYTES) break;
            long length = head < 0 ? MAX_REQUEST_BYTES : HttpHead.contentLength(bytes, from, head);
            boolean post = bytes[from] == 'P';
            if (length >= MAX_REQUEST_BYTES || length < 0 && post) {
                peer.send(length < 0 ? openAi.lengthRequired() : openAi.tooLarge());
                drop(peer);
                return;
            }
            int end = head + (int) Math.max(0, length);
            if (end > to) break;
            calls.incrementAndGet();
            boolean messages =
                    Arrays.mismatch(bytes, from, Math.min(end, from + MESSAGES.length), MESSAGES, 0, MESSAGES.length)
                            < 0;
            if (messages) answer(peer, anthropic, true, Wishes.ofMessages(bytes, head, end));
            else answer(peer, openAi, post, Wishes.read(bytes, head, end));
            from = end;
        }
        peer.keep(bytes, from, to);
    }

    private void answer(Peer peer, Script script, boolean post, Wishes wishes) throws IOException {
        if (!post) {
            peer.send(script.models());
        } else if (wishes.fault() == Fault.STATUS) {
            peer.send(script.serverError());
        } else if (wishes.fault() == Fault.CLOSE) {
            throw new IOException("a fault that was asked for");
        } else if (wishes.events() == 0) {
            peer.send(script.whole());
        } else if (peer.isStreaming()) {
            throw new IOException("a second request during a stream");
        } else {
            long now = System.nanoTime();
            peer.startStream(script, wishes, now);
            openStreams.incrementAndGet();
            sendEvents(peer, now);
        }
    }

    /** Sends what is due of a stream and puts it back into the queue if there is more. */
    private void sendEvents(Peer peer, long now) {
        try {
            while (peer.isStreaming() && peer.due() - now <= 0) {
                if (peer.isToBeCut()) throw new IOException("a fault that was asked for");
                peer.sendEvent();
            }
        } catch (IOException _) {
            drop(peer);
            return;
        }
        if (peer.isStreaming()) streams.add(peer);
        else openStreams.decrementAndGet();
    }

    private void drop(Peer peer) {
        if (peer.isStreaming()) {
            streams.remove(peer);
            openStreams.decrementAndGet();
            peer.endStream();
        }
        try {
            peer.channel().close();
        } catch (IOException _) {
            // Closed is what was wanted.
        }
    }
}
