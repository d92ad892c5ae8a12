package dev.sluice.proxy;

import dev.sluice.upstreams.OffLimitsException;
import io.vertx.core.http.StreamResetException;
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
            case OffLimitsException forbidden -> String.valueOf(forbidden.getMessage());
            case NoRouteToHostException _ -> "there is no route to the host";
            case ConnectException _ -> "the connection was refused";
            case SSLException ssl -> tls(ssl);
            case java.nio.file.NoSuchFileException file -> "the file " + file.getFile() + " does not exist (tls)";
            case java.io.UncheckedIOException file -> "a file of tls cannot be read: " + file.getMessage();
            case TimeoutException _ -> "connecting took too long (timeouts.connectMs)";
            case StreamResetException reset -> "it reset the stream (HTTP/2 error code " + reset.getCode() + ")";
            default -> "the connection broke";
        };
    }

    /** The messages of an exception and of what caused it. */
    private static String said(Throwable failed) {
        StringBuilder all = new StringBuilder();
        Throwable cause = failed;
        for (int depth = 0; cause != null && depth < 8; depth++) {
            all.append(cause.getMessage()).append('\n');
            cause = cause.getCause();
        }
        return all.toString();
    }

    private static String tls(SSLException failed) {
        String said = said(failed);
        if (said.contains("PKIX") || said.contains("unable to find valid certification path"))
            return "its certificate is not from an authority that is trusted (tls.caFile)";
        if (said.contains("No subject alternative")
                || said.contains("No name matching")
                || said.contains("doesn't match any")) return "its certificate is for another name";
        if (said.contains("bad_certificate") || said.contains("certificate_required"))
            return "it does not accept the gateway's certificate (tls.certFile)";
        return said.contains("not an SSL/TLS record") ? "it does not speak TLS" : "the TLS handshake failed";
    }
}
