package dev.sluice.proxy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How clients connect, and how much patience the gateway has with them.
 *
 * @param tlsPort port of HTTP/1.1 and HTTP/2 over TLS; 0 picks a free one, null = none
 * @param http2Port port of HTTP/2 in clear; 0 picks a free one, null = none
 * @param reusePort whether another process may listen on the same ports at the same time
 * @param maxHeaderBytes longest header section, of requests and of answers
 * @param maxUrlBytes longest request line
 * @param headTimeout from the opening of a connection to the end of its first request head
 * @param bodyTimeout between two pieces of a request body
 * @param idleTimeout from the end of an answer to the end of the next request head
 * @param maxConnections of clients, of all event loops together
 * @param maxConnectionsPerAddress of one client address; 0 = no limit
 * @param maxStreams calls at the same time on one HTTP/2 connection
 * @param sessions what holds for web sockets
 * @param balancers who stands in front of the gateway
 */
public record Transport(
        @Nullable Integer tlsPort,
        @Nullable Integer http2Port,
        boolean reusePort,
        int maxHeaderBytes,
        int maxUrlBytes,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxStreams,
        Sessions sessions,
        Balancers balancers) {
    public static final Transport PLAIN = new Transport(
            null,
            null,
            false,
            32 << 10,
            8 << 10,
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            50_000,
            0,
            200,
            Sessions.USUAL,
            Balancers.NONE);

    public Transport with(Sessions other) {
        return with(tlsPort, http2Port, other, balancers);
    }

    public Transport with(Balancers other) {
        return with(tlsPort, http2Port, sessions, other);
    }

    public Transport withPorts(@Nullable Integer newTlsPort, @Nullable Integer newHttp2Port) {
        return with(newTlsPort, newHttp2Port, sessions, balancers);
    }

    private Transport with(
            @Nullable Integer newTlsPort,
            @Nullable Integer newHttp2Port,
            Sessions newSessions,
            Balancers newBalancers) {
        return new Transport(
                newTlsPort,
                newHttp2Port,
                reusePort,
                maxHeaderBytes,
                maxUrlBytes,
                headTimeout,
                bodyTimeout,
                idleTimeout,
                maxConnections,
                maxConnectionsPerAddress,
                maxStreams,
                newSessions,
                newBalancers);
    }
}
