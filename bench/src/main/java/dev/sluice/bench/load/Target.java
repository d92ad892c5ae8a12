package dev.sluice.bench.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * Where calls go and as whom.
 *
 * @param port on 127.0.0.1
 * @param host as the call names it
 * @param path of chat completions
 * @param key sent as bearer token
 * @param model the model asked for
 * @param headers sent beside the usual ones
 */
public record Target(int port, String host, String path, String key, String model, Map<String, String> headers) {
    public static final String CHAT = "/v1/chat/completions";

    public Target {
        if (port < 1 || port > 65535) throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        if (!path.startsWith("/")) throw new IllegalArgumentException("path: " + path + " (expected: /…)");
        headers = Map.copyOf(headers);
    }

    public Target(int port, String path, String key, String model) {
        this(port, "127.0.0.1:" + port, path, key, model, Map.of());
    }

    public Target with(Map<String, String> otherHeaders) {
        return new Target(port, host, path, key, model, otherHeaders);
    }

    /** The address that it listens on. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
