package dev.sluice.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The transport of the machine, but for a {@link Door} in front of each server. */
@SuppressWarnings("deprecation") // One of the methods to pass on takes a deprecated type.
record GuardedTransport(Transport machine, Door door) implements Transport {
    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap server) {
        machine.configure(options, domainSocket, server);
        door.guard(server);
    }

    @Override
    public boolean supportsDomainSockets() {
        return machine.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return machine.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return machine.isAvailable();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return machine.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
        return machine.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
        return machine.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return machine.ioHandlerFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        return machine.eventLoopGroup(type, threads, factory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return machine.datagramChannel();
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return machine.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return machine.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return machine.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        machine.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        machine.configure(options, connectTimeout, domainSocket, bootstrap);
    }
}
