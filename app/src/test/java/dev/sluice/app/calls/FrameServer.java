package dev.sluice.app.calls;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * An HTTP/2 server over TLS that writes frame by frame what it is told, also what a server of a library would not. It takes what
 * comes as long as it is short, and forgets about streams that it does not answer.
 */
final class FrameServer implements AutoCloseable {
    private static final int PREFACE_BYTES = 24;
    private static final int REFUSED_STREAM = 7;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Manner manner;
    private final Channel listening;

    /** What the server does with a request that it has read; on its only event loop. */
    @FunctionalInterface
    interface Manner {
        void received(Connection connection, int stream, String path, JsonObject body);
    }

    FrameServer(TestCertificates.Pair certificate, Manner manner) {
        this.manner = manner;
        try {
            SslContext tls = SslContextBuilder.forServer(
                            certificate.certificate().toFile(),
                            certificate.key().toFile())
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            "h2"))
                    .build();
            listening = new ServerBootstrap()
                    .group(loop)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Connection());
                        }
                    })
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .syncUninterruptibly()
                    .channel();
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Does something a while later, on the event loop. */
    void later(long millis, Runnable what) {
        var _ = loop.schedule(what, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One connection of a client. */
    final class Connection extends ByteToMessageDecoder {
        private final Http2FrameReader reader = new DefaultHttp2FrameReader();
        private final Http2FrameWriter writer = new DefaultHttp2FrameWriter();
        private final Map<Integer, String> paths = new HashMap<>();
        private final Map<Integer, StringBuilder> bodies = new HashMap<>();
        private ChannelHandlerContext context;
        private boolean begun;

        /** The whole answer. */
        void answer(int stream, String contentType, String body) {
            head(stream, contentType);
            data(stream, body, true);
        }

        void head(int stream, String contentType) {
            Http2Headers headers = new DefaultHttp2Headers().status("200").set("content-type", contentType);
            writer.writeHeaders(context, stream, headers, 0, false, context.newPromise());
            context.flush();
        }

        void data(int stream, String text, boolean last) {
            ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
            writer.writeData(context, stream, bytes, 0, last, context.newPromise());
            context.flush();
        }

        void refuse(int stream) {
            writer.writeRstStream(context, stream, REFUSED_STREAM, context.newPromise());
            context.flush();
        }

        /** @param last stream that is still going to be answered */
        void goAway(long error, int last) {
            writer.writeGoAway(context, last, error, Unpooled.EMPTY_BUFFER, context.newPromise());
            context.flush();
        }

        void close() {
            context.close();
        }

        boolean isOpen() {
            return context.channel().isActive();
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Http2Exception {
            if (!begun) {
                if (in.readableBytes() < PREFACE_BYTES) return;
                in.skipBytes(PREFACE_BYTES);
                begun = true;
                writer.writeSettings(ctx, new Http2Settings(), ctx.newPromise());
                ctx.flush();
            }
            reader.readFrame(ctx, in, new Frames());
        }

        private void ended(int stream) {
            String body = bodies.remove(stream).toString();
            manner.received(this, stream, paths.remove(stream), new JsonObject(body));
        }

        private final class Frames extends Http2FrameAdapter {
            @Override
            public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
                writer.writeSettingsAck(ctx, ctx.newPromise());
                ctx.flush();
            }

            @Override
            public void onPingRead(ChannelHandlerContext ctx, long data) {
                writer.writePing(ctx, true, data, ctx.newPromise());
                ctx.flush();
            }

            @Override
            public void onHeadersRead(
                    ChannelHandlerContext ctx,
                    int stream,
                    Http2Headers headers,
                    int dependency,
                    short weight,
                    boolean exclusive,
                    int padding,
                    boolean last) {
                onHeadersRead(ctx, stream, headers, padding, last);
            }

            @Override
            public void onHeadersRead(
                    ChannelHandlerContext ctx, int stream, Http2Headers headers, int padding, boolean last) {
                paths.put(stream, headers.path().toString());
                bodies.put(stream, new StringBuilder());
            }

            @Override
            public int onDataRead(ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean last) {
                int length = data.readableBytes();
                // A stream that was reset may still say something.
                StringBuilder body = bodies.get(stream);
                if (body == null) return length + padding;
                body.append(new String(ByteBufUtil.getBytes(data), StandardCharsets.UTF_8));
                if (last) ended(stream);
                return length + padding;
            }
        }
    }
}
