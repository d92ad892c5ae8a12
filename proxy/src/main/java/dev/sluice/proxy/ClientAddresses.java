package dev.sluice.proxy;

import dev.sluice.traffic.auth.AddressRanges;
import dev.sluice.traffic.auth.IpAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where clients are. A balancer that is trusted says in {@code X-Forwarded-For} whom it got the request from, behind what
 * that one said; whatever stands left of the first address that is not trusted may be made up.
 */
final class ClientAddresses {
    private static final String FORWARDED_FOR = "x-forwarded-for";

    private final AddressRanges trusted;

    ClientAddresses(Balancers balancers) {
        this.trusted = AddressRanges.parse(balancers.trusted());
    }

    /** The address of the client that made a request; empty where it cannot be told. */
    String of(HttpServerRequest request) {
        String peer = text(request.remoteAddress());
        if (!isTrusted(peer)) return peer;
        String client = peer;
        List<String> lines = request.headers().getAll(FORWARDED_FOR);
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            int end = line.length();
            while (end >= 0) {
                int comma = line.lastIndexOf(',', end - 1);
                String hop = literal(line.substring(comma + 1, end).strip());
                if (hop == null) return client;
                client = hop;
                if (!isTrusted(hop)) return client;
                end = comma;
            }
        }
        return client;
    }

    /** The address that connections are counted by; null for those of balancers, which stand for many clients. */
    @Nullable
    String ofConnection(@Nullable SocketAddress peer) {
        String address = text(peer);
        return address.isEmpty() || isTrusted(address) ? null : address;
    }

    private boolean isTrusted(String address) {
        return !trusted.isEmpty() && trusted.contains(IpAddress.parse(address));
    }

    private static String text(@Nullable SocketAddress address) {
        return address == null || address.hostAddress() == null ? "" : address.hostAddress();
    }

    /** The address of a hop, which some write with a port and brackets; null if it is none. */
    private static @Nullable String literal(String hop) {
        String address = hop;
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            if (end < 0) return null;
            address = hop.substring(1, end);
        } else if (hop.indexOf(':') >= 0 && hop.indexOf(':') == hop.lastIndexOf(':')) {
            address = hop.substring(0, hop.indexOf(':'));
        }
        return IpAddress.parse(address) == null ? null : address;
    }
}
