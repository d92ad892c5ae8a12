package dev.sluice.proxy;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What a broken connection means, in words that an operator can act on. */
final class Causes {
    private Causes() {}

    static String inPlainWords(Throwable cause) {
        return switch (cause) {
            case UnknownHostException _ -> "the host name cannot be resolved";
            case io.netty.channel.ConnectTimeoutException _ -> "connecting took too long (timeouts.connectMs)";
            case NoRouteToHostException _ -> "there is no route to the host";
            case ConnectException _ -> "the connection was refused";
            case SSLException _ -> "the TLS handshake failed";
            case TimeoutException _ -> "connecting took too long (timeouts.connectMs)";
            default -> "the connection broke";
        };
    }
}
