package dev.sluice.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;

/**
 * Reads HTTP/1 requests as the server's own decoder does, but refuses what another server on the way may read differently:
 * a body with a length and with chunks (RFC 9112, section 6.1), a header that goes on in the next line (section 5.2), and
 * versions that are neither HTTP/1.1 nor HTTP/1.0.
 * It takes the decoder's place, so that a read passes no further handler; only the bytes of heads are looked at again.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
    private boolean inBody;
    private boolean folded;

    private StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    /** Takes the decoder's place on a new connection, before anything was read from it. Other protocols stay as they are. */
    static void install(HttpConnection connection, HttpServerOptions options) {
        if (!(connection instanceof ConnectionBase base)) return;
        ChannelPipeline pipeline = base.channel().pipeline();
        VertxHttpRequestDecoder present = pipeline.get(VertxHttpRequestDecoder.class);
        if (present != null)
            pipeline.replace(present, pipeline.context(present).name(), new StrictRequestDecoder(options));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        boolean body = inBody;
        int from = in.readerIndex();
        super.decode(context, in, out);
        if (!body && !folded) folded = isFolded(in, from, in.readerIndex());
        if (out.isEmpty()) return;
        inBody = !(out.getLast() instanceof LastHttpContent);
        if (out.getFirst() instanceof HttpRequest request) refuseOtherVersions(request);
        if (folded && out.getFirst() instanceof HttpRequest request) {
            folded = false;
            request.setDecoderResult(DecoderResult.failure(
                    new IllegalArgumentException("a header goes on in the next line, which HTTP no longer allows")));
        }
    }

    /** Answers begin with the version of the request, so one that nobody speaks would come back to the client. */
    @SuppressWarnings("ReferenceEquality") // "HtTP/1.1" is equal, but the server behind goes by identity.
    private static void refuseOtherVersions(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0) return;
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (request.decoderResult().isSuccess())
            request.setDecoderResult(DecoderResult.failure(
                    new IllegalArgumentException("the version is " + version + " (expected: HTTP/1.1 or HTTP/1.0)")));
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        if (length == 0) throw new IllegalArgumentException("a header has no name");
        return super.splitHeaderName(line, start, length);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("the request has both content-length and transfer-encoding");
    }

    /** Lines are taken in whole, so a folded one is seen either behind the end of the line before or at the very start. */
    private static boolean isFolded(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to) {
            if (at > 0 && isBlank(in.getByte(at)) && in.getByte(at - 1) == '\n') return true;
            int end = in.indexOf(at, to, (byte) '\n');
            if (end < 0) return false;
            at = end + 1;
        }
        return false;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
