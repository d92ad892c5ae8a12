package dev.sluice.upstreams.source;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the name servers of this machine (or given ones) for A and AAAA records, after looking into the hosts file. On a
 * machine without IPv6 a name's IPv6 addresses count only if it has no others.
 */
public final class DnsResolver implements NameResolver, AutoCloseable {
    private static final long QUERY_TIMEOUT_MILLIS = 3_000;
    /** For names of the hosts file and literal addresses. */
    private static final long TTL_WITHOUT_RECORD_MILLIS = 30_000;

    private static final int MOST_TTLS = 10_000;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Ttls ttls = new Ttls();
    private final DnsNameResolver resolver;
    private final ConcurrentMap<String, CompletableFuture<Resolved>> underWay = new ConcurrentHashMap<>();
    private final boolean ipv6 = hasIpv6();

    private DnsResolver(List<InetSocketAddress> servers) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop.next())
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .resolvedAddressTypes(ResolvedAddressTypes.IPV4_PREFERRED)
                .completeOncePreferredResolved(false)
                .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
                .resolveCache(ttls);
        if (!servers.isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
        }
        resolver = builder.build();
    }

    /** Asks the name servers that this machine is set up with. */
    public static DnsResolver ofThisMachine() {
        return new DnsResolver(List.of());
    }

    /** Asks these name servers, the first that answers. */
    public static DnsResolver of(InetSocketAddress... servers) {
        return new DnsResolver(List.of(servers));
    }

    @Override
    public CompletionStage<Resolved> resolve(String name) {
        CompletableFuture<Resolved> mine = new CompletableFuture<>();
        CompletableFuture<Resolved> other = underWay.putIfAbsent(name, mine);
        // An answer is for all who ask meanwhile.
        if (other != null) return other.copy();
        resolver.resolveAll(name).addListener((FutureListener<List<InetAddress>>) answer -> {
            underWay.remove(name);
            complete(name, mine, answer);
        });
        return mine.copy();
    }

    @Override
    public void close() {
        resolver.close();
        var _ = loop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }

    private void complete(String name, CompletableFuture<Resolved> result, Future<List<InetAddress>> answer) {
        if (!answer.isSuccess()) {
            result.completeExceptionally(answer.cause());
            return;
        }
        List<InetAddress> found = answer.getNow();
        boolean otherThanIpv6 = found.stream().anyMatch(a -> !(a instanceof Inet6Address));
        List<String> addresses = new ArrayList<>(found.size());
        long ttl = Long.MAX_VALUE;
        for (InetAddress address : found) {
            ttl = Math.min(ttl, ttls.take(name, address));
            boolean isIpv6 = address instanceof Inet6Address && !address.isLoopbackAddress();
            if (!isIpv6 || ipv6 || !otherThanIpv6) addresses.add(NetUtil.toAddressString(address));
        }
        result.complete(new Resolved(addresses, ttl));
    }

    private static boolean hasIpv6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(a -> a instanceof Inet6Address && !a.isLoopbackAddress() && !a.isLinkLocalAddress());
        } catch (SocketException e) {
            return false;
        }
    }

    /** No cache: remembers for how long each address of a name's answer holds, until the answer is complete. */
    private static final class Ttls implements DnsCache {
        private final Map<Held, Long> millis = new ConcurrentHashMap<>();

        /** @param name in lower case, with a dot at its end */
        private record Held(String name, InetAddress address) {
            static Held of(String name, InetAddress address) {
                String small = name.toLowerCase(Locale.ROOT);
                return new Held(small.endsWith(".") ? small : small + ".", address);
            }
        }

        long take(String name, InetAddress address) {
            Held asked = Held.of(name, address);
            Long ttl = millis.remove(asked);
            if (ttl == null) ttl = millis.remove(inSearchedDomain(asked));
            return ttl == null ? TTL_WITHOUT_RECORD_MILLIS : ttl;
        }

        /** The name servers may have been asked for a name within a domain that this machine searches. */
        private Held inSearchedDomain(Held asked) {
            for (Held held : millis.keySet()) {
                if (held.address().equals(asked.address()) && held.name().startsWith(asked.name())) return held;
            }
            return asked;
        }

        @Override
        public void clear() {
            millis.clear();
        }

        @Override
        public boolean clear(String hostname) {
            return false;
        }

        @Override
        public List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
            return List.of();
        }

        @Override
        public DnsCacheEntry cache(
                String hostname, DnsRecord[] additionals, InetAddress address, long originalTtl, EventLoop loop) {
            if (millis.size() >= MOST_TTLS) millis.clear();
            millis.put(Held.of(hostname, address), TimeUnit.SECONDS.toMillis(originalTtl));
            return new Entry(address, null);
        }

        @Override
        public DnsCacheEntry cache(String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
            return new Entry(null, cause);
        }
    }

    private record Entry(
            @Nullable InetAddress address, @Nullable Throwable cause) implements DnsCacheEntry {}
}
