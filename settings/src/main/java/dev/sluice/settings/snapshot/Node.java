package dev.sluice.settings.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * One place where a service can be reached.
 *
 * @param host name or literal address; IPv6 without brackets. What the Host header and the TLS certificate are about
 * @param basePath path in front of every operation, without a closing slash; may be empty
 * @param ip the address that the host name stands for here; null = whatever it resolves to when connecting
 * @param weight share of calls beside the service's other nodes, at least 1
 */
public record Node(
        String host,
        int port,
        boolean tls,
        String basePath,
        @Nullable String ip,
        int weight) {
    public Node {
        if (weight < 1) throw new IllegalArgumentException("weight: " + weight + " (expected: >= 1)");
    }

    public Node(String host, int port, boolean tls, String basePath) {
        this(host, port, tls, basePath, null, 1);
    }

    /** The same node at one of the addresses of its name. */
    public Node at(String address) {
        return new Node(host, port, tls, basePath, address, weight);
    }

    /** Where it is connected to, e.g. {@code 10.0.0.1:8000}. */
    public String address() {
        String at = ip == null ? host : ip;
        return (at.indexOf(':') >= 0 ? "[" + at + "]" : at) + ":" + port;
    }
}
