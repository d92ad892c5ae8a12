package dev.sluice.app.calls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** An HTTP/2 client in clear that writes frame by frame what it is told, also what a client of a library would not. */
public final class FrameClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    /** How {@link #answer} tells of a stream that was reset, and of a connection that was closed. */
    public static final int NONE = 0;

    private final Socket socket;
    private final Codec codec = new Codec();
    private final EmbeddedChannel channel = new EmbeddedChannel(codec);
    private final Http2FrameWriter writer = new DefaultHttp2FrameWriter();
    private final Http2FrameReader reader = new DefaultHttp2FrameReader();
    private final ByteBuf received = Unpooled.buffer();
    private final byte[] chunk = new byte[16 << 10];
    private int stream = -1;
    /** The server may hang up before a refused request is written to its end. */
    private boolean hungUp;

    /** @param status {@link #NONE} when there was no answer */
    public record Answer(int status, String body) {}

    private static final class Codec extends ChannelHandlerAdapter {
        private ChannelHandlerContext context;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
        }
    }

    public FrameClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel.writeOutbound(Http2CodecUtil.connectionPrefaceBuf());
        writer.writeSettings(codec.context, new Http2Settings(), channel.newPromise());
        flush();
    }

    /** The usual pseudo headers of a POST, to which anything may be added. */
    public static Http2Headers post(String path) {
        return new DefaultHttp2Headers(false)
                .method("POST")
                .scheme("http")
                .authority("x")
                .path(path)
                .add("content-type", "application/json");
    }

    /** The answer to a request on a stream of its own. */
    public Answer call(Http2Headers head, String body) {
        begin(head, body);
        return answer();
    }

    private void begin(Http2Headers head, String body) {
        stream += 2;
        writer.writeHeaders(codec.context, stream, head, 0, false, channel.newPromise());
        ByteBuf data = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        writer.writeData(codec.context, stream, data, 0, true, channel.newPromise());
        flush();
    }

    private Answer answer() {
        if (hungUp) return new Answer(NONE, "");
        Frames frames = new Frames();
        try {
            while (!frames.ended) {
                int count = socket.getInputStream().read(chunk);
                if (count < 0) return new Answer(NONE, "");
                received.writeBytes(chunk, 0, count);
                reader.readFrame(codec.context, received, frames);
                received.discardReadBytes();
            }
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            return new Answer(NONE, "");
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        return new Answer(frames.status, frames.body.toString());
    }

    private void flush() {
        channel.flush();
        try {
            ByteBuf bytes;
            while ((bytes = channel.readOutbound()) != null) {
                socket.getOutputStream().write(ByteBufUtil.getBytes(bytes));
                bytes.release();
            }
            socket.getOutputStream().flush();
        } catch (IOException e) {
            hungUp = true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel.close();
    }

    private final class Frames extends Http2FrameAdapter {
        private final StringBuilder body = new StringBuilder();
        private int status;
        private boolean ended;

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last) {
            onHeadersRead(ctx, streamId, headers, padding, last);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean last) {
            if (streamId != stream || headers.status() == null) return;
            status = Integer.parseInt(headers.status().toString());
            ended |= last;
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean last) {
            int length = data.readableBytes();
            if (streamId == stream) {
                body.append(data.toString(StandardCharsets.UTF_8));
                ended |= last;
            }
            return length + padding;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
            if (streamId == stream) ended = true;
        }
    }
}
