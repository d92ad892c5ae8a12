package dev.sluice.proxy;

import java.util.List;

/**
 * Who stands between clients and the gateway, and how it tells whom it speaks for.
 *
 * @param trusted addresses and CIDR ranges whose {@code X-Forwarded-For} is believed; nobody else's is
 * @param proxyProtocol every connection begins with a line of the PROXY protocol, version 1 or 2
 */
public record Balancers(List<String> trusted, boolean proxyProtocol) {
    public static final Balancers NONE = new Balancers(List.of(), false);

    public Balancers {
        trusted = List.copyOf(trusted);
    }
}
