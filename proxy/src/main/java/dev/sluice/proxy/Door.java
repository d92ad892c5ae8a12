package dev.sluice.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where connections come in, before they have said anything: those to ports of the data plane are counted, and turned away when
 * there are too many. A server itself hears of a connection only when it knows which protocol it speaks.
 */
@ChannelHandler.Sharable
public final class Door extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<Boolean> COUNTED = AttributeKey.valueOf("sluice.counted");

    private final Load load;

    private Door(Load load) {
        this.load = load;
    }

    /** A Vert.x on the best transport of this machine, with a door in front of its servers. */
    public static Vertx vertx(VertxOptions options, Load load) {
        io.vertx.core.transport.Transport best = io.vertx.core.transport.Transport.nativeTransport();
        boolean usable = best != null && best.available();
        return Vertx.builder()
                .with(options)
                .withTransport(new Guarded(usable ? best : io.vertx.core.transport.Transport.NIO, new Door(load)))
                .build();
    }

    /** Whether a connection was counted here, and will be until it is closed. */
    static boolean hasCounted(Channel client) {
        return client.hasAttr(COUNTED);
    }

    void guard(ServerBootstrap server) {
        server.handler(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext server, Object message) {
        Integer most = message instanceof Channel ? load.mostAt(port(server.channel())) : null;
        if (most != null && message instanceof Channel client) {
            if (!load.accepted(most)) {
                client.unsafe().closeForcibly();
                return;
            }
            client.attr(COUNTED).set(true);
            client.closeFuture().addListener(_ -> load.left());
        }
        server.fireChannelRead(message);
    }

    private static int port(Channel server) {
        return server.localAddress() instanceof InetSocketAddress address ? address.getPort() : -1;
    }

    /** A transport of Vert.x whose servers have a door. */
    private record Guarded(io.vertx.core.transport.Transport machine, Door door)
            implements io.vertx.core.transport.Transport {
        @Override
        public String name() {
            return machine.name();
        }

        @Override
        public boolean available() {
            return machine.available();
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return machine.unavailabilityCause();
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            return new GuardedTransport(machine.implementation(), door);
        }
    }
}
