package dev.sluice.settings.snapshot;

/**
 * One place where a service can be reached.
 *
 * @param host name or literal address; IPv6 without brackets
 * @param basePath path in front of every operation, without a closing slash; may be empty
 */
public record Node(String host, int port, boolean tls, String basePath) {
    /** How it is written, e.g. {@code 10.0.0.1:8000}. */
    public String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
